// <cv-check>: a question whose right answer the core computes, from a read-out of a demo's state that the question names.
// Nothing is typed in twice, so an answer cannot go stale; wrong answers that have a reason are computed the same way.
//
//   kind="number"  one number          state="image=box&kernel=mean&cell=3,4" readout="value" tolerance="0.5" unit="…"
//   kind="cell"    two numbers         readout="output_height,output_width" labels="rows,columns"
//   kind="kernel"  a grid of numbers   answer="kernel=own&weights={answer}": the grid is put in there, and is right when
//                                      it measures the same as `state` does; cells="4,4 5,7" asks at several cells
//   kind="state"   a figure to bring   for="figure-1" readout="output_width": equal to what `state` measures, or to the
//                  into a state        figure's own read-out equals="minimum"; must="image=camera" fixes parameters
//
// Inside: the question in Markdown, <cv-hint> (shown one after the other), <cv-wrong state readout> (an explanation shown
// when the answer equals that alternative), <cv-right> (shown once it is solved).
import { format_matrix, format_value, parse_number, type Language } from './catalogue';
import type { CvDemo } from './cv_demo';
import { evaluate, type Readings } from './evaluator';
import { escape } from './html';
import { mark_solved, progress } from './progress';
import { language_of, word } from './words';

export class CvCheck extends HTMLElement {
  #language: Language = 'en';
  #unlisten = new AbortController();
  #busy = false;

  connectedCallback(): void {
    this.#language = language_of(this);
    this.#unlisten = new AbortController();
    const options = { signal: this.#unlisten.signal };
    this.querySelector('form')?.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#check();
    }, options);
    this.querySelector('[data-act="hint"]')?.addEventListener('click', () => this.#hint(), options);
    document.addEventListener('cv-progress', () => this.#show_solved(), options);
    this.#show_solved();
  }

  disconnectedCallback(): void {
    this.#unlisten.abort();
  }

  #attribute = (name: string): string => this.getAttribute(name) ?? '';
  #word = (...args: Parameters<typeof word> extends [unknown, ...infer Rest] ? Rest : never): string => word(this.#language, ...args);

  // --- checking ----------------------------------------------------------------------------------------------

  async #check(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    this.#say('busy', this.#word('checking'));
    try {
      const kind = this.#attribute('kind');
      await (kind === 'kernel' ? this.#check_kernel() : kind === 'state' ? this.#check_state() : this.#check_numbers(kind));
    } catch (error) {
      this.#say('wrong', this.#word('evaluator_failed', (error as Error).message));
    }
    this.#busy = false;
  }

  /** What the core measures in `state`, one number for each read-out that is asked for. */
  async #measure(state: string, readout: string): Promise<number[]> {
    const wanted = readout.split(',').map((id) => id.trim());
    const readings = await evaluate(this.#attribute('demo'), state, wanted, this.#language);
    return wanted.map((id) => numeric(readings, id));
  }

  async #check_numbers(kind: string): Promise<void> {
    const inputs = [...this.querySelectorAll<HTMLInputElement>('[data-answer]')];
    const given = inputs.map((input) => parse_number(input.value));
    inputs.forEach((input, index) => input.setAttribute('aria-invalid', String(Number.isNaN(given[index]))));
    if (given.some(Number.isNaN)) return this.#say('wrong', this.#word(kind === 'cell' ? 'not_whole' : 'not_a_number'));
    const right = await this.#measure(this.#attribute('state'), this.#attribute('readout'));
    const shown = right.map((value) => format_value(value, this.#language)).join(' × ');
    if (this.#same(given, right)) return this.#solve(this.#word('right_value', shown));
    await this.#explain(async (wrong) => {
      const value = await this.#measure(wrong.getAttribute('state') ?? this.#attribute('state'),
        wrong.getAttribute('readout') ?? this.#attribute('readout'));
      return this.#same(given, value) && !this.#same(value, right);
    });
  }

  async #check_kernel(): Promise<void> {
    const inputs = [...this.querySelectorAll<HTMLInputElement>('[data-answer]')];
    const given = inputs.map((input) => parse_number(input.value));
    inputs.forEach((input, index) => input.setAttribute('aria-invalid', String(Number.isNaN(given[index]))));
    if (given.some(Number.isNaN)) return this.#say('wrong', this.#word('not_a_matrix'));
    const columns = Number(this.getAttribute('columns') ?? 3);
    const matrix = Array.from({ length: given.length / columns }, (_, row) =>
      given.slice(row * columns, (row + 1) * columns).map(String));
    const answer = this.#attribute('answer').replace('{answer}', encodeURIComponent(format_matrix(matrix)));
    const theirs = await this.#measure_cells(answer);
    const right = await this.#measure_cells(this.#attribute('state'));
    if (this.#same(theirs, right)) return this.#solve(this.#word('right'));
    await this.#explain(async (wrong) => {
      const value = await this.#measure_cells(wrong.getAttribute('state') ?? '');
      return this.#same(theirs, value) && !this.#same(value, right);
    });
  }

  // Two kernels are told apart by what they do at several cells: one cell alone can agree by chance.
  async #measure_cells(state: string): Promise<number[]> {
    const values: number[] = [];
    for (const cell of this.#attribute('cells').split(/\s+/)) {
      values.push(...await this.#measure(cell ? `${state}&cell=${cell}` : state, this.#attribute('readout')));
    }
    return values;
  }

  async #check_state(): Promise<void> {
    const figure = document.getElementById(this.#attribute('for')) as CvDemo | null;
    if (!figure) throw new Error(`#${this.#attribute('for')}?`);
    const [{ params }, readings] = [await figure.get(), await figure.readouts()];
    const wanted = this.#attribute('readout').split(',').map((id) => id.trim());
    const reached = wanted.map((id) => numeric(readings, id));
    const fixed = [...new URLSearchParams(this.#attribute('must'))].every(([id, text]) => params[id] === text);
    const equals = this.getAttribute('equals');
    const right = equals ? equals.split(',').map((id) => numeric(readings, id.trim()))
      : await this.#measure(this.#attribute('state'), this.#attribute('readout'));
    if (fixed && this.#same(reached, right)) {
      return this.#solve(this.#word('right_value', reached.map((value) => format_value(value, this.#language)).join(' × ')));
    }
    await this.#explain(async (wrong) => {
      const must = wrong.getAttribute('must');
      if (must && ![...new URLSearchParams(must)].every(([id, text]) => params[id] === text)) return false;
      if (!wrong.hasAttribute('state')) return must !== null;
      return this.#same(reached, await this.#measure(wrong.getAttribute('state')!, this.#attribute('readout')));
    }, this.#word('state_wrong'));
  }

  #same(given: number[], right: number[]): boolean {
    const tolerance = Number(this.getAttribute('tolerance') ?? 0);
    return given.length === right.length &&
      given.every((value, index) => Math.abs(value - right[index]) <= tolerance + 1e-4 * Math.max(1, Math.abs(right[index])) * 0.01);
  }

  // --- answering ---------------------------------------------------------------------------------------------

  async #explain(matches: (wrong: Element) => Promise<boolean>, plain = this.#word('wrong')): Promise<void> {
    for (const wrong of this.querySelectorAll('cv-wrong')) {
      if (await matches(wrong)) return this.#say('wrong', this.#word('wrong'), wrong);
    }
    this.#say('wrong', plain);
  }

  #solve(sentence: string): void {
    this.#say('right', sentence, this.querySelector('cv-right'));
    mark_solved(this.id);
  }

  #say(how: 'busy' | 'right' | 'wrong', sentence: string, more: Element | null = null): void {
    const result = this.querySelector<HTMLElement>('.cv-result')!;
    result.dataset.how = how;
    result.innerHTML = `<p>${escape(sentence)}</p>${more?.innerHTML ?? ''}`;
  }

  #hint(): void {
    const hints = [...this.querySelectorAll('cv-hint')];
    const next = hints.find((hint) => !hint.hasAttribute('data-shown'));
    next?.setAttribute('data-shown', '');
    const shown = hints.filter((hint) => hint.hasAttribute('data-shown')).length;
    const button = this.querySelector<HTMLElement>('[data-act="hint"]')!;
    button.hidden = shown === hints.length;
    button.textContent = this.#word('hint', shown + 1, hints.length);
    if (next instanceof HTMLElement) {
      next.tabIndex = -1;
      next.focus();
    }
  }

  #show_solved(): void {
    const solved = progress().has(this.id);
    this.toggleAttribute('data-solved', solved);
    const mark = this.querySelector<HTMLElement>('.cv-solved');
    if (mark) mark.hidden = !solved;
  }
}

function numeric(readings: Readings, id: string): number {
  const value = readings[id];
  return typeof value === 'number' ? value : NaN;
}
