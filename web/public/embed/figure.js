// The running figure: the module's C functions (app/embed/README.md) as methods, and the host object that it calls.
// @ts-check

import { Files } from './files.js';
import { Pictures } from './pictures.js';

/** Names in the URL that are no parameters of a demo. */
export const reserved = ['demo', 'lang', 'theme', 'panel', 'hide', 'module', 'motion'];

/** The part of a query that is the demo's state. @param {string} query */
export const state_of = (query) =>
  query.replace(/^\?/, '').split('&').filter((pair) => pair && !reserved.includes(pair.split('=', 1)[0])).join('&');

/** @param {Record<string, unknown>} values  what is undefined or null is left out */
export const query_of = (values) => Object.entries(values).filter(([, value]) => value !== undefined && value !== null)
  .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`).join('&');

/** A download of what the page made itself. @param {string} name @param {Uint8Array} bytes */
function save_as(name, bytes) {
  const address = URL.createObjectURL(new Blob([/** @type {any} */ (bytes)], { type: 'application/octet-stream' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);  // once the browser has read it
}

export class Figure {
  /** @type {import('./entering.js').Entering} */
  // @ts-ignore: set by frame.js before anything can call
  entering;
  /** @type {any} */
  #module = null;
  /** @type {Set<string>} */
  #changed = new Set();

  /**
   * @param {{ language: string, word: (key: string, argument?: string) => string, file_input: HTMLInputElement,
   *           choose_file: (path: string) => void,
   *           tell: (message: object) => void, changed: (what: Set<string>) => void }} page
   */
  constructor(page) {
    this.page = page;
    this.language = page.language;
  }

  // --- what the module calls; it may be in the middle of something, so answers come later ----------------------------

  host() {
    const later = (/** @type {string} */ what) => () => {
      if (this.#changed.size === 0) queueMicrotask(() => this.#tell_changes());
      this.#changed.add(what);
    };
    return {
      requestPicture: (/** @type {string} */ id) => queueMicrotask(() => void this.pictures.photo(id)),
      requestFile: (/** @type {string} */ path) => queueMicrotask(() => void this.files.fetch(path)),
      openFile: () => this.page.file_input.click(),
      chooseFile: (/** @type {string} */ path) => this.page.choose_file(path),
      saveFile: (/** @type {string} */ name, /** @type {number} */ at, /** @type {number} */ size) =>
        save_as(name, new Uint8Array(this.#module.wasmMemory.buffer, at, size).slice()),  // before the memory changes
      hasCamera: () => Boolean(navigator.mediaDevices?.getUserMedia),
      camera: (/** @type {boolean} */ on) => queueMicrotask(() => this.camera(on).catch((error) => {
        this.#module?.ccall('cv_picture_failed', null, ['string', 'string', 'string'], ['own', 'page.camera', error.message]);
        this.page.tell({ type: 'error', sentence: error.message });
      })),
      copyText: (/** @type {string} */ text) => void navigator.clipboard.writeText(text).catch(() =>
        this.page.tell({ type: 'error', sentence: this.page.word('copy_refused', text) })),
      link: (/** @type {string} */ demo, /** @type {string} */ state) => this.link(demo, state),
      demoChanged: later('demo'),
      stateChanged: later('state'),
      readoutsChanged: later('readouts'),
      leave: () => queueMicrotask(() => this.entering.leave()),
      refused: (/** @type {string} */ sentence) => this.page.tell({ type: 'error', sentence })
    };
  }

  #tell_changes() {
    const changed = this.#changed;
    this.#changed = new Set();
    if (!this.#module) return;
    if (changed.has('demo') || changed.has('state')) this.page.tell(this.state());
    if (changed.has('readouts')) this.page.tell(this.readouts());
    this.page.changed(changed);
  }

  // --- life -----------------------------------------------------------------------------------------------------------

  /**
   * @param {any} module
   * @param {{ demo: string, state: string, options: string }} start
   * @returns {boolean} false without WebGL 2
   */
  start(module, { demo, state, options }) {
    this.#module = module;
    this.pictures = new Pictures(module, this.page.word);
    this.files = new Files(module, this.page.word);
    const started = module.ccall('cv_start', 'number', ['string', 'string', 'string'], [demo, state, options]) === 1;
    if (!started) this.#module = null;
    return started;
  }

  get running() {
    return this.#module !== null;
  }

  stop() {
    if (!this.#module) return;
    const module = this.#module;
    this.#module = null;
    this.pictures?.close();
    this.files?.close();
    this.entering.close();
    module._cv_stop();
  }

  // --- the C functions ------------------------------------------------------------------------------------------------

  /** @param {string} name @param {string[]} values */
  #text(name, ...values) {
    return this.#module.ccall(name, 'string', values.map(() => 'string'), values);
  }

  state() {
    return { type: 'state', ...JSON.parse(this.#text('cv_get')) };
  }

  readouts() {
    return { type: 'readouts', values: JSON.parse(this.#text('cv_readouts')), sentence: this.#text('cv_sentence') };
  }

  get title() {
    return this.#text('cv_title');
  }

  get version() {
    return this.#text('cv_version');
  }

  get frames() {
    return this.#module ? this.#module._cv_frames() : 0;
  }

  /** @param {string} id @param {string} value @returns {string} "" or what is wrong */
  set(id, value) {
    return this.#text('cv_set', id, value);
  }

  /** @param {number} delta */
  step(delta) {
    return this.#module._cv_step(delta) === 1;
  }

  /** @param {boolean} on @param {number} [speed] */
  play(on, speed) {
    if (speed !== undefined) this.#module._cv_speed(Number(speed));
    this.#module._cv_play(on ? 1 : 0);
    return this.state();
  }

  reset() {
    this.#module._cv_reset();
    return this.state();
  }

  /** @param {{ theme?: string, lang?: string, panel?: boolean | string, hide?: string | string[], motion?: string }} wished */
  options({ theme, lang, panel, hide, motion }) {
    const panel_text = panel === undefined ? undefined : Number(panel !== false && panel !== '0');
    this.#module.ccall('cv_options', null, ['string'], [query_of({ theme, lang, panel: panel_text, hide, motion })]);
    if (lang) this.language = document.documentElement.lang = lang;
    if (theme) document.documentElement.classList.toggle('dark', theme === 'dark');
    return this.state();
  }

  /** @param {boolean} on */
  async camera(on) {
    if (on) await this.pictures.start_camera();
    else this.pictures.stop_camera();
  }

  context_lost() {
    this.#module?._cv_context_lost();
  }

  context_restored() {
    this.#module?._cv_context_restored();
  }

  /** The absolute address of this figure in this state. @param {string} demo @param {string} state */
  link(demo, state) {
    const address = new URL('./', import.meta.url);
    address.search = query_of({ demo, lang: this.language }) + (state && '&' + state);
    return address.href;
  }
}
