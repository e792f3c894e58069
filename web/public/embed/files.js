// Data sets and weights of the course into the module, with progress: they lie beside the frame page's folder.
// @ts-check

const news = 100;  // milliseconds between two reports of progress

export class Files {
  #abort = new AbortController();

  /**
   * @param {any} module
   * @param {(key: string) => string} word
   */
  constructor(module, word) {
    this.module = module;
    this.word = word;
  }

  /** @param {string} path  "data/digits-train.png" */
  async fetch(path) {
    try {
      this.#put(path, await this.#load(path));
    } catch {
      if (this.module) this.#fail(path, 'data');
    }
  }

  /** Weights that the learner opened or dropped: read here, sent nowhere. @param {File} file */
  async own(file) {
    const path = 'own/weights.safetensors';
    try {
      this.#put(path, new Uint8Array(await file.arrayBuffer()));
    } catch {
      if (this.module) this.#fail(path, 'file');
    }
  }

  /** @param {string} path @param {Uint8Array} bytes */
  #put(path, bytes) {
    if (!this.module) return;
    const buffer = this.module._cv_file_buffer(bytes.length);
    if (!buffer) return this.#fail(path, 'data_too_large');
    // Not HEAPU8: another thread may have grown the memory since that view was made.
    new Uint8Array(this.module.wasmMemory.buffer).set(bytes, buffer);
    this.module.ccall('cv_file_ready', null, ['string'], [path]);
  }

  /** @param {string} path @returns {Promise<Uint8Array>} */
  async #load(path) {
    const response = await fetch(new URL(`../${path.split('/').map(encodeURIComponent).join('/')}`, import.meta.url), { signal: this.#abort.signal });
    if (!response.ok || !response.body) throw new Error(String(response.status));
    // Of a compressed answer the length that is named is another one than that of what arrives here.
    const total = response.headers.get('content-encoding') ? 0 : Number(response.headers.get('content-length') ?? 0);
    const parts = [];
    let done = 0;
    let told = 0;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      done += part.value.length;
      if (performance.now() - told < news) continue;
      told = performance.now();
      this.module?.ccall('cv_file_progress', null, ['string', 'number', 'number'], [path, done, total]);
    }
    const bytes = new Uint8Array(done);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** @param {string} path @param {string} key */
  #fail(path, key) {
    this.module.ccall('cv_file_failed', null, ['string', 'string', 'string'], [path, `page.${key}`, this.word(key)]);
  }

  close() {
    this.#abort.abort();
    this.module = null;
  }
}
