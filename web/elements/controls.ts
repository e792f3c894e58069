// The HTML controls of one figure: events become values, values become what the controls show.
import {
  format_matrix, parse_matrix, parse_number, resize_matrix, visible, type Demo, type Language, type Param, type Values
} from './catalogue';
import { range_of, render_matrix } from './render_demo';

export class Controls {
  #root: HTMLElement;
  #demo: Demo;
  #language: Language;
  #changed: (values: Values) => void;
  #values: Values = {};

  constructor(root: HTMLElement, demo: Demo, language: Language, changed: (values: Values) => void) {
    this.#root = root;
    this.#demo = demo;
    this.#language = language;
    this.#changed = changed;
    const panel = root.querySelector('.cv-panel')!;
    panel.addEventListener('input', (event) => this.#hear(event.target as HTMLInputElement));
    // A field left with text that is no value goes back to the value.
    panel.addEventListener('change', (event) => this.#settle(event.target as HTMLElement));
    panel.addEventListener('click', (event) => this.#explain(event.target as HTMLElement));
    panel.addEventListener('keydown', (event) => this.#walk(event as KeyboardEvent));
  }

  // --- from the controls -------------------------------------------------------------------------------------

  #param(element: Element): Param | undefined {
    const id = element.closest<HTMLElement>('[data-param]')?.dataset.param;
    return this.#demo.params.find((param) => param.id === id);
  }

  #hear(input: HTMLInputElement): void {
    const param = this.#param(input);
    if (!param || input.type === 'file') return;
    const text = this.#read(param, input);
    if (text === null || text === this.#values[param.id]) return;
    this.#changed({ [param.id]: text });
  }

  /** The value that `input` now stands for; null while it is none (an empty or half-typed field). */
  #read(param: Param, input: HTMLInputElement): string | null {
    const field = input.closest<HTMLElement>('[data-param]')!;
    switch (param.type) {
      case 'integer':
      case 'real':
        if ('slider' in input.dataset) return String(range_of(param).to_value(Number(input.value)));
        return input.value !== '' && input.validity.valid ? String(Number(input.value)) : null;
      case 'toggle':
        return input.checked ? '1' : '0';
      case 'cell': {
        const parts = [...field.querySelectorAll<HTMLInputElement>('[data-cell]')];
        return parts.every((part) => part.value !== '' && part.validity.valid) ? parts.map((part) => part.value).join(',') : null;
      }
      case 'matrix':
        return this.#read_matrix(param, field, input);
      default:
        return input.value;
    }
  }

  #read_matrix(param: Param, field: HTMLElement, input: HTMLInputElement): string | null {
    if ('size' in input.dataset) {
      const size = (name: string) => field.querySelector<HTMLInputElement>(`[data-size="${name}"]`)!;
      const [rows, columns] = [size('rows'), size('columns')];
      if (!rows.validity.valid || !columns.validity.valid || !rows.value || !columns.value) return null;
      return format_matrix(resize_matrix(parse_matrix(this.#values[param.id]), Number(rows.value), Number(columns.value)));
    }
    const number = parse_number(input.value);
    input.setAttribute('aria-invalid', String(Number.isNaN(number)));
    if (Number.isNaN(number)) return null;
    const [row, column] = input.dataset.entry!.split(',').map(Number);
    const matrix = parse_matrix(this.#values[param.id]);
    matrix[row][column] = String(number);
    return format_matrix(matrix);
  }

  #settle(element: HTMLElement): void {
    const param = this.#param(element);
    const field = element.closest<HTMLElement>('[data-param]');
    if (param && field) queueMicrotask(() => this.#show_field(param, field, true));
  }

  #explain(element: HTMLElement): void {
    const button = element.closest<HTMLElement>('[data-about]');
    if (!button) return;
    const help = this.#root.querySelector<HTMLElement>('#' + CSS.escape(button.dataset.about!))!;
    help.hidden = !help.hidden;
    button.setAttribute('aria-expanded', String(!help.hidden));
  }

  // Arrow keys up and down walk through a grid of numbers; left and right stay with the text.
  #walk(event: KeyboardEvent): void {
    const entry = (event.target as HTMLElement).dataset?.entry;
    const delta = event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (!entry || !delta) return;
    const [row, column] = entry.split(',').map(Number);
    const grid = (event.target as HTMLElement).closest('.cv-grid')!;
    const next = grid.querySelector<HTMLInputElement>(`[data-entry="${row + delta},${column}"]`);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  // --- to the controls ---------------------------------------------------------------------------------------

  show(values: Values): void {
    this.#values = values;
    for (const field of this.#root.querySelectorAll<HTMLElement>('[data-param]')) {
      const param = this.#param(field)!;
      field.hidden = !visible(param, values);
      this.#show_field(param, field, false);
    }
  }

  /** `settled`: also fields that have the focus (otherwise what a person is typing is left alone). */
  #show_field(param: Param, field: HTMLElement, settled: boolean): void {
    const value = this.#values[param.id];
    const put = (input: HTMLInputElement | HTMLSelectElement | null, text: string) => {
      if (!input || input.value === text || (!settled && input === document.activeElement && is_typed(input))) return;
      input.value = text;
    };
    switch (param.type) {
      case 'integer':
      case 'real': {
        const slider = field.querySelector<HTMLInputElement>('[data-slider]')!;
        const position = String(range_of(param).to_slider(Number(value)));
        if (slider.value !== position) slider.value = position;
        slider.setAttribute('aria-valuetext', value);
        put(field.querySelector('[data-number]'), value);
        break;
      }
      case 'toggle':
        field.querySelector('input')!.checked = value === '1';
        break;
      case 'cell':
        value.split(',').forEach((part, index) => put(field.querySelector(`[data-cell="${index}"]`), part));
        break;
      case 'matrix':
        this.#show_matrix(param, field, value, put);
        break;
      default: {
        const radio = field.querySelector<HTMLInputElement>(`input[type=radio][value="${CSS.escape(value)}"]`);
        if (radio) radio.checked = true;
        else put(field.querySelector('select, input[type=text]'), value);
      }
    }
  }

  #show_matrix(param: Param, field: HTMLElement, value: string, put: (input: HTMLInputElement | null, text: string) => void): void {
    const matrix = parse_matrix(value);
    const box = field.querySelector<HTMLElement>('.cv-matrix')!;
    const shown = box.querySelectorAll('[data-entry]').length;
    const columns = box.querySelector<HTMLInputElement>('[data-size="columns"]')!;
    if (shown !== matrix.length * matrix[0].length || box.querySelectorAll('[data-entry^="0,"]').length !== matrix[0].length) {
      const focused = (document.activeElement as HTMLElement | null)?.id;
      box.innerHTML = render_matrix(param, value, this.#language, columns.id.replace(/-columns$/, ''));
      if (focused) box.querySelector<HTMLElement>('#' + CSS.escape(focused))?.focus();
      return;
    }
    matrix.forEach((row, r) => row.forEach((cell, c) => put(box.querySelector(`[data-entry="${r},${c}"]`), cell)));
    put(box.querySelector('[data-size="rows"]'), String(matrix.length));
    put(columns, String(matrix[0].length));
  }

  show_errors(errors: { id: string; sentence: string }[]): void {
    for (const field of this.#root.querySelectorAll<HTMLElement>('[data-param]')) {
      const sentence = errors.find((error) => error.id === field.dataset.param)?.sentence ?? '';
      const line = field.querySelector<HTMLElement>('.cv-error')!;
      if (line.textContent === sentence) continue;
      line.textContent = sentence;
      line.hidden = sentence === '';
    }
  }
}

const is_typed = (input: HTMLElement): boolean =>
  input instanceof HTMLInputElement && (input.type === 'number' || input.type === 'text');
