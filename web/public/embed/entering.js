// Who gets wheel, touch and keys. Until the learner has entered the figure (click, tap, focus) the page keeps them:
// SDL's handlers on the canvas would swallow every one, so they are stopped before they get there. Hover always works.
// Escape leaves; Tab is the page's at all times.
// @ts-check

const page_events = ['wheel', 'touchstart', 'touchmove', 'touchend', 'touchcancel'];
const figure_combinations = 'acxz';  // with Ctrl or Cmd: editing text inside the figure; all others are the browser's

export class Entering {
  entered = false;
  #by_touch = false;
  #abort = new AbortController();

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{ framed: boolean, leave_button: HTMLButtonElement, changed: (entered: boolean) => void }} options
   */
  constructor(canvas, { framed, leave_button, changed }) {
    this.canvas = canvas;
    this.framed = framed;
    this.leave_button = leave_button;
    this.changed = changed;
    const early = { capture: true, passive: true, signal: this.#abort.signal };
    for (const type of page_events) {
      window.addEventListener(type, (event) => {
        if (!this.entered && event.target === canvas) event.stopImmediatePropagation();
      }, early);
    }
    window.addEventListener('pointerdown', (event) => {
      document.documentElement.classList.remove('keyboard');
      if (event.target !== canvas) return;
      this.#by_touch = event.pointerType === 'touch';
      if (!this.#by_touch) this.enter();  // a finger may be about to scroll: it enters by the click that ends a tap
    }, early);
    canvas.addEventListener('click', () => this.enter(), early);
    canvas.addEventListener('focus', () => this.enter(), early);
    // The page around focused our frame (full screen, for instance): the figure takes it.
    window.addEventListener('focus', () => {
      if (document.activeElement === document.body) canvas.focus({ preventScroll: true });
    }, { signal: this.#abort.signal });
    window.addEventListener('blur', () => this.leave(), early);
    canvas.addEventListener('blur', () => this.leave(), early);
    leave_button.addEventListener('click', () => this.leave(), early);
    for (const type of ['keydown', 'keyup', 'keypress']) {
      window.addEventListener(type, (event) => this.#keep_for_browser(/** @type {KeyboardEvent} */ (event)), early);
    }
    if (!framed) this.enter();
  }

  /** @param {KeyboardEvent} event */
  #keep_for_browser(event) {
    document.documentElement.classList.add('keyboard');  // also by the release of the Tab that came in
    const combined = event.ctrlKey || event.metaKey || event.altKey;
    const browsers = event.key === 'Tab' || /^F\d+$/.test(event.key) ||
      (combined && !figure_combinations.includes(event.key.toLowerCase()));
    if (browsers) event.stopImmediatePropagation();
  }

  enter() {
    if (document.activeElement !== this.canvas) this.canvas.focus({ preventScroll: true });
    if (this.entered) return;
    this.entered = true;
    document.documentElement.classList.add('entered');
    this.leave_button.hidden = !(this.framed && this.#by_touch);
    this.changed(true);
  }

  // A page of its own has nobody to give the input back to, so there the figure keeps it.
  leave() {
    if (!this.entered || !this.framed) return;
    this.entered = false;
    document.documentElement.classList.remove('entered');
    this.leave_button.hidden = true;
    if (document.activeElement === this.canvas) this.canvas.blur();
    this.changed(false);
  }

  close() {
    this.#abort.abort();
  }
}
