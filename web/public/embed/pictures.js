// Pictures into the module: photographs of the course, and the learner's own from file, paste, drop or camera. Nothing
// of them is sent anywhere.
// @ts-check

const largest_side = 2048;  // of an own picture: what convolves at interactive speed; larger ones are scaled down
const camera_side = 640;

/**
 * The bytes as they are in the file: neither colour profile nor alpha may change a number. Of 16 bits the browser keeps 8.
 * @param {Blob} blob
 */
const decode = (blob) => createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });

const drawing = () => {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' });
  return { canvas, context: /** @type {CanvasRenderingContext2D} */ (context) };
};

/**
 * The pixels of a bitmap as they are. A 2D canvas multiplies colours by alpha and divides them again, which changes them
 * wherever a picture is transparent; a texture does not. Null without WebGL 2.
 * @param {ImageBitmap} bitmap
 */
function bytes_of(bitmap) {
  const { width, height } = bitmap;
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl || Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE)) return null;
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  const bytes = new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
  const good = gl.getError() === gl.NO_ERROR;
  gl.getExtension('WEBGL_lose_context')?.loseContext();  // browsers keep few contexts
  return good ? bytes : null;
}

export class Pictures {
  /** @type {MediaStream | null} */
  #stream = null;
  #video = document.createElement('video');
  #frame_request = 0;
  #drawing = drawing();
  #starting = 0;  // counts the calls of camera(), so that a late permission starts nothing that was stopped meanwhile

  /**
   * @param {any} module
   * @param {(key: string) => string} word
   */
  constructor(module, word) {
    this.module = module;
    this.word = word;
    this.#video.muted = true;
    this.#video.playsInline = true;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.stop_camera();
    });
    addEventListener('pagehide', () => this.stop_camera());
  }

  /**
   * @param {string} id
   * @param {CanvasImageSource} source
   * @param {number} width
   * @param {number} height
   * @param {number} limit  longest side; 0 = as it is
   */
  #hand_over(id, source, width, height, limit = 0) {
    const shrink = limit ? Math.min(1, limit / Math.max(width, height)) : 1;
    const w = Math.max(1, Math.round(width * shrink));
    const h = Math.max(1, Math.round(height * shrink));
    const exact = id === 'own' && shrink === 1 && source instanceof ImageBitmap ? bytes_of(source) : null;
    const bytes = exact ?? this.#drawn(source, w, h);
    const buffer = this.module._cv_picture_buffer(w, h);
    if (!buffer) return this.fail(id, 'too_large');
    // Not HEAPU8: another thread may have grown the memory since that view was made.
    new Uint8Array(this.module.wasmMemory.buffer).set(bytes, buffer);
    this.module.ccall('cv_picture_ready', null, ['string'], [id]);
  }

  /**
   * The pixels that a 2D canvas shows.
   * @param {CanvasImageSource} source
   * @param {number} w
   * @param {number} h
   */
  #drawn(source, w, h) {
    const { canvas, context } = this.#drawing;
    if (canvas.width !== w || canvas.height !== h) {
      canvas.width = w;
      canvas.height = h;
    }
    context.imageSmoothingQuality = 'high';
    context.clearRect(0, 0, w, h);
    context.drawImage(source, 0, 0, w, h);
    return context.getImageData(0, 0, w, h).data;
  }

  /** @param {string} id @param {string} key */
  fail(id, key) {
    this.module.ccall('cv_picture_failed', null, ['string', 'string', 'string'], [id, `page.${key}`, this.word(key)]);
  }

  /** @param {string} id  a photograph of the course */
  async photo(id) {
    try {
      const response = await fetch(new URL(`../photos/${encodeURIComponent(id)}.png`, import.meta.url));
      if (!response.ok) throw new Error(String(response.status));
      const bitmap = await decode(await response.blob());
      if (!this.module) return;
      this.#hand_over(id, bitmap, bitmap.width, bitmap.height);
      bitmap.close();
    } catch {
      if (this.module) this.fail(id, 'photo');
    }
  }

  /** @param {Blob} blob  an image file; throws when it is none */
  async own(blob) {
    this.stop_camera();
    const bitmap = await decode(blob).catch(() => null);
    if (!bitmap) throw new Error(this.word('not_a_picture'));
    if (this.module) this.#hand_over('own', bitmap, bitmap.width, bitmap.height, largest_side);
    bitmap.close();
  }

  /** Starts the camera; throws a sentence when it cannot. */
  async start_camera() {
    if (this.#stream) return;
    const turn = ++this.#starting;
    const wish = { video: { width: { ideal: camera_side }, height: { ideal: 480 }, facingMode: 'user' }, audio: false };
    /** @type {MediaStream} */
    let stream;
    try {
      if (!navigator.mediaDevices) throw new DOMException('', 'NotFoundError');
      stream = await navigator.mediaDevices.getUserMedia(wish);
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      const key = name === 'NotAllowedError' || name === 'SecurityError' ? 'camera_denied'
        : name === 'NotFoundError' || name === 'OverconstrainedError' ? 'camera_missing' : 'camera_busy';
      throw new Error(this.word(key));
    }
    if (turn !== this.#starting || document.hidden) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#stream = stream;
    this.#video.srcObject = stream;
    await this.#video.play();
    this.#next_frame();
  }

  // One picture a displayed frame; the browser displays none while the page is hidden.
  #next_frame() {
    this.#frame_request = requestAnimationFrame(() => {
      if (!this.#stream || !this.module) return;
      const { videoWidth, videoHeight, readyState } = this.#video;
      if (readyState >= 2 && videoWidth) this.#hand_over('own', this.#video, videoWidth, videoHeight, camera_side);
      this.#next_frame();
    });
  }

  stop_camera() {
    ++this.#starting;
    cancelAnimationFrame(this.#frame_request);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  close() {
    this.stop_camera();
    this.module = null;
  }
}
