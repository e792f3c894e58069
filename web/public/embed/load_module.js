// Chooses the build of the module that this page and browser can run, and loads it with progress.
// @ts-check

// A function that splats an i32 and reduces it: validates where WebAssembly has SIMD.
const simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11];
// The same with i8x16.relaxed_swizzle.
const relaxed_simd = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15,
  253, 128, 2, 11];

/** Something the reader can be told: `key` is a word of words.js. */
export class LoadError extends Error {
  /** @param {string} key @param {string} [detail] */
  constructor(key, detail = '') {
    super(key);
    this.key = key;
    this.detail = detail;
  }
}

/** @param {number[]} bytes */
const validates = (bytes) => typeof WebAssembly === 'object' && WebAssembly.validate(new Uint8Array(bytes));

/**
 * @param {string | null} forced  "baseline" or "turbo" from the URL
 * @returns {'baseline' | 'turbo'}
 */
export function choose_build(forced) {
  if (!validates(simd)) throw new LoadError('no_wasm');
  if (typeof WebGL2RenderingContext === 'undefined') throw new LoadError('no_webgl');
  if (forced === 'baseline' || forced === 'turbo') return forced;
  return globalThis.crossOriginIsolated && validates(relaxed_simd) ? 'turbo' : 'baseline';
}

/**
 * The response, with its bytes counted as they pass.
 * @param {Response} response
 * @param {(done: number, total: number) => void} progress  total 0 = unknown
 */
function counted(response, progress) {
  // The length named is that of the compressed bytes; we count the unpacked ones.
  const total = response.headers.get('content-encoding') ? 0 : Number(response.headers.get('content-length') ?? 0);
  let done = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      done += chunk.length;
      progress(done, total);
      controller.enqueue(chunk);
    }
  });
  const body = /** @type {ReadableStream} */ (response.body).pipeThrough(counter);
  return new Response(body, { headers: { 'content-type': 'application/wasm' } });
}

/**
 * @param {string} build
 * @param {object} options  handed to Emscripten: canvas, cvHost, onAbort
 * @param {(done: number, total: number) => void} progress
 * @returns {Promise<any>}  the running module
 */
export async function load_module(build, options, progress) {
  const base = new URL(`../module/${build}/`, import.meta.url);
  const wasm_url = new URL('cvlab-app.wasm', base);
  const fetched = fetch(wasm_url).catch(() => { throw new LoadError('no_network'); });
  const glue = import(new URL('cvlab-app.js', base).href).catch(() => { throw new LoadError('no_network'); });
  fetched.catch(() => {});  // told once, by the await below
  glue.catch(() => {});
  const response = await fetched;
  if (!response.ok) throw new LoadError('no_module', `${wasm_url.pathname}: ${response.status}`);
  const compiled = await WebAssembly.compileStreaming(counted(response, progress)).catch((error) => {
    throw error instanceof WebAssembly.CompileError ? new LoadError('no_wasm') : new LoadError('no_network');
  });
  const { default: create } = await glue;
  return new Promise((resolve, reject) => {
    create({
      ...options,
      // Emscripten's own fetch would neither count nor tell what failed.
      instantiateWasm(/** @type {any} */ imports, /** @type {any} */ receive) {
        WebAssembly.instantiate(compiled, imports).then((instance) => receive(instance, compiled), reject);
        return {};
      }
    }).then(resolve, reject);
  });
}
