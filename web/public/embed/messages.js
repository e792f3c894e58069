// The postMessage protocol, version 1 (app/embed/README.md). Messages that come before the figure is ready wait for it.
// @ts-check

/** @typedef {import('./figure.js').Figure} Figure */

/** @type {Record<string, (figure: Figure, data: any) => object | Promise<object>>} */
const answers = {
  set: (figure, { params = {} }) => {
    const errors = Object.entries(params)
      .map(([id, value]) => ({ id, sentence: figure.set(id, typeof value === 'boolean' ? String(Number(value)) : String(value)) }))
      .filter(({ sentence }) => sentence);
    return { ...figure.state(), errors };
  },
  get: (figure) => figure.state(),
  readouts: (figure) => figure.readouts(),
  step: (figure, { delta = 1 }) => ({ type: 'stepped', moved: figure.step(Number(delta) < 0 ? -1 : 1) }),
  play: (figure, { speed }) => figure.play(true, speed),
  pause: (figure, { speed }) => figure.play(false, speed),
  reset: (figure) => figure.reset(),
  options: (figure, { theme, lang, panel, hide }) => figure.options({ theme, lang, panel, hide }),
  picture: async (figure, { blob }) => {
    await figure.pictures.own(blob);
    return figure.state();
  },
  camera: async (figure, { on }) => {
    await figure.camera(Boolean(on));
    return figure.state();
  },
  enter: (figure) => (figure.entering.enter(), figure.state()),
  leave: (figure) => (figure.entering.leave(), figure.state()),
  stop: (figure) => (figure.stop(), { type: 'stopped' })
};

export class Messages {
  /** @type {MessageEvent[]} */
  #early = [];
  /** @type {Figure | null} */
  #figure = null;

  /** @param {(key: string, argument?: string) => string} word */
  constructor(word) {
    this.word = word;
    addEventListener('message', (event) => {
      if (event.data?.cvlab !== 1 || typeof event.data.type !== 'string' || !event.source) return;
      if (event.source === window) return;
      if (this.#figure) void this.#answer(this.#figure, event);
      else this.#early.push(event);
    });
  }

  /** @param {Figure} figure */
  ready(figure) {
    this.#figure = figure;
    for (const event of this.#early.splice(0)) void this.#answer(figure, event);
  }

  /** @param {object} message  to the page around us; nothing in it is secret, so any origin may read it */
  tell(message) {
    if (window.parent !== window) window.parent.postMessage({ cvlab: 1, ...message }, '*');
  }

  /** @param {Figure} figure @param {MessageEvent} event */
  async #answer(figure, event) {
    const { type, seq } = event.data;
    /** @type {object} */
    let message;
    try {
      if (!Object.hasOwn(answers, type)) throw new Error(this.word('unknown_message', type));
      message = await answers[type](figure, event.data);
    } catch (error) {
      message = { type: 'error', sentence: error instanceof Error ? error.message : String(error) };
    }
    const target = /** @type {Window} */ (event.source);
    target.postMessage({ cvlab: 1, ...message, ...(seq === undefined ? {} : { seq }) }, { targetOrigin: '*' });
  }
}
