// The lecture. reveal.js turns the pages; the fragments of a slide walk its figure, so that the presenter's next key goes
// through the figure before it leaves the slide. The figures are the site's frame pages, spoken to in the documented protocol
// only: this folder works from any origin, with ?figures=https://YOUR-SITE/ when it is not served beside them.
//
//   <iframe data-figure="demo=convolution&image=box" title="…">   which figure, in which state
//   <li class="fragment" data-set="cell=3,5&kernel=mean">          sets parameters when it is shown
//   <li class="fragment" data-step="1">                            steps;  data-play="2" plays at that speed
// A fragment that goes away again puts the figure back as it was before.
// @ts-check
import Reveal from './reveal/reveal.mjs';

const query = new URLSearchParams(location.search);
const site = new URL(query.get('figures') ?? '..', import.meta.url);

class Figure {
  /** @type {Map<number, (answer: any) => void>} */
  #waiting = new Map();
  #seq = 0;
  /** What was there before each fragment. @type {Map<Element, object>} */
  #before = new Map();
  /** Answers come in order, so do the fragments. */
  #turn = Promise.resolve();

  /** @param {HTMLIFrameElement} frame */
  constructor(frame) {
    this.frame = frame;
    const address = new URL('embed/', site);
    address.search = `${frame.dataset.figure}&panel=0&theme=light&lang=${document.documentElement.lang}`;
    frame.allow = 'fullscreen; clipboard-write; cross-origin-isolated';
    frame.dataset.src = address.href;  // reveal.js loads it one slide ahead
    frame.dataset.preload = '';
    addEventListener('message', ({ source, data }) => {
      if (source === frame.contentWindow && data?.cvlab === 1) this.#hear(data);
    });
  }

  /** @param {any} data */
  #hear(data) {
    if (data.type === 'ready') this.#begin();
    if (data.type === 'left') window.focus();  // Escape in the figure gives the keys back to the slides
    if (data.type === 'readouts') this.frame.dataset.readouts = JSON.stringify(data.values);
    this.#waiting.get(data.seq)?.(data);
    this.#waiting.delete(data.seq);
  }

  /** The frame came up, maybe again: what the slide shows already is done to it. */
  #begin() {
    this.#turn = Promise.resolve();
    for (const fragment of this.frame.closest('section')?.querySelectorAll('.fragment.visible') ?? []) this.show(fragment);
    this.frame.dataset.ready = '';
  }

  /** @param {string} type @param {object} fields @returns {Promise<any>} */
  #ask(type, fields = {}) {
    const seq = ++this.#seq;
    return new Promise((answer) => {
      this.#waiting.set(seq, answer);
      this.frame.contentWindow?.postMessage({ cvlab: 1, type, seq, ...fields }, site.origin);
    });
  }

  /** @param {Element} fragment */
  show(fragment) {
    const { set, step, play } = /** @type {HTMLElement} */ (fragment).dataset;
    if (set === undefined && step === undefined && play === undefined) return;
    this.#turn = this.#turn.then(async () => {
      this.#before.set(fragment, (await this.#ask('get')).params);
      if (set !== undefined) this.#check(await this.#ask('set', { params: Object.fromEntries(new URLSearchParams(set)) }));
      for (let count = Number(step ?? 0); count > 0; count--) await this.#ask('step');
      if (play !== undefined) await this.#ask('play', { speed: Number(play) || 1 });
    });
  }

  /** What a figure will not take is said where the author of a slide looks. @param {any} answer */
  #check({ errors = [] }) {
    for (const { id, sentence } of errors) {
      console.warn(`${this.frame.dataset.figure}: ${id}: ${sentence}`);
      document.documentElement.dataset.refused = `${this.frame.dataset.figure}: ${id}: ${sentence}`;
    }
  }

  /** @param {Element} fragment */
  hide(fragment) {
    this.#turn = this.#turn.then(async () => {
      const params = this.#before.get(fragment);
      if (!params) return;
      await this.#ask('pause');
      await this.#ask('set', { params });
    });
  }

  rest() {
    if (this.frame.contentWindow && 'ready' in this.frame.dataset) void this.#ask('pause');
  }
}

const figures = new Map([...document.querySelectorAll('iframe[data-figure]')]
  .map((frame) => [frame.closest('section'), new Figure(/** @type {HTMLIFrameElement} */ (frame))]));
const figure_of = (/** @type {Element} */ element) => figures.get(/** @type {HTMLElement} */ (element.closest('section')));

const deck = new Reveal({
  hash: true, width: 1280, height: 720, margin: 0.03, center: false, transition: 'none', viewDistance: 2, mobileViewDistance: 1,
  slideNumber: 'c/t', controlsTutorial: false, scrollActivationWidth: 0
});
deck.on('fragmentshown', (/** @type {any} */ { fragments }) => {
  for (const fragment of fragments) figure_of(fragment)?.show(fragment);
});
deck.on('fragmenthidden', (/** @type {any} */ { fragments }) => {
  for (const fragment of [...fragments].reverse()) figure_of(fragment)?.hide(fragment);
});
deck.on('slidechanged', (/** @type {any} */ { previousSlide }) => {
  if (previousSlide) figures.get(previousSlide)?.rest();  // nobody watches: nothing computes
  window.focus();
});
await deck.initialize();
