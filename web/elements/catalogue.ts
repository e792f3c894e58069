// The demo catalogue as `cvlab list --json` writes it, and the few questions the page asks about it.

export type Language = 'en' | 'fr';
export type Text = Record<Language, string>;

export type ParamType = 'integer' | 'real' | 'toggle' | 'choice' | 'picture' | 'cell' | 'matrix' | 'text';

export interface Choice {
  id: string;
  label: Text;
}

export interface Param {
  id: string;
  type: ParamType;
  default: string;
  min: number;
  max: number;
  step: number;
  choices: Choice[];
  group: 'main' | 'more' | 'state';
  only_if: string;
  only_value: string;
  label: Text;
  help: Text;
}

export interface Chapter {
  id: string;
  title: Text;
}

export interface Demo {
  id: string;
  title: Text;
  summary?: Text;
  try?: Text;
  lesson: string;
  chapter: string;
  has_steps: boolean;
  works: boolean;  // Play lets it work by itself, at its own speed
  aspect: number;
  narrow_aspect: number;
  params: Param[];
  readouts: { id: string; label: Text }[];
}

export interface Catalogue {
  version: number;
  chapters: Chapter[];
  demos: Demo[];
}

/** Parameter id to text: the form that URL, attributes and messages share. */
export type Values = Record<string, string>;

export const defaults = (demo: Demo): Values =>
  Object.fromEntries(demo.params.map((param) => [param.id, String(param.default)]));

/** Ids that mean something to the frame page and are never parameters. */
export const reserved = new Set(['demo', 'lang', 'theme', 'panel', 'hide', 'module', 'motion']);

/** A URL query as values of `demo`'s parameters; everything else in it is left out. */
export function parse_state(demo: Demo, query: string): Values {
  const known = new Set(demo.params.map((param) => param.id));
  const values: Values = {};
  for (const [id, value] of new URLSearchParams(query)) if (known.has(id)) values[id] = value;
  return values;
}

/** The URL query of `values`: only what differs from the default, in the table's order, as the core writes it. */
export function format_state(demo: Demo, values: Values): string {
  return demo.params
    .filter((param) => values[param.id] !== undefined && values[param.id] !== String(param.default))
    .map((param) => `${param.id}=${encode(values[param.id])}`)
    .join('&');
}

// Commas and semicolons are legal in a query and make links readable: cell=3,4 rather than cell=3%2C4.
function encode(text: string): string {
  return encodeURIComponent(text).replace(/%2C/g, ',').replace(/%3B/g, ';');
}

/** The file name of the poster of a state: the demo's own for its defaults, else with a short sum of the state. */
export function poster_name(demo: Demo, values: Values): string {
  const state = format_state(demo, values);
  if (!state) return demo.id;
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(state)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${demo.id}-${hash.toString(16).padStart(8, '0')}`;
}

/** Whether the control of `param` shows in this state. */
export const visible = (param: Param, values: Values): boolean =>
  !param.only_if || values[param.only_if] === param.only_value;

// --- matrices ------------------------------------------------------------------------------------------------

export type Matrix = string[][];

/** "1 2; 3 4" as rows of number texts. */
export function parse_matrix(text: string): Matrix {
  return text.split(';').map((row) => row.trim().split(/\s+/).filter((cell) => cell !== ''));
}

export const format_matrix = (matrix: Matrix): string => matrix.map((row) => row.join(' ')).join('; ');

/** The same numbers in `rows` x `columns` cells: cut, or filled with 0, at the right and bottom. */
export function resize_matrix(matrix: Matrix, rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => matrix[row]?.[column] ?? '0'));
}

/** A number as a person types it: comma or point, and fractions such as 1/9. NaN when it is none. */
export function parse_number(text: string): number {
  const clean = text.trim().replace(/\u2212/g, '-').replace(',', '.');
  const fraction = /^([+-]?[\d.]+)\s*\/\s*([\d.]+)$/.exec(clean);
  if (fraction) return Number(fraction[1]) / Number(fraction[2]);
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(clean) ? Number(clean) : NaN;
}

/** A measured value for people. Null is what the core says when a value is not defined in this state. */
export function format_value(value: number | string | null | undefined, language: Language): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 1e-4) {  // as the figures write them; a row of zeros fits no column
    const text = value.toExponential(5).replace(/\.?0+e/, 'e').replaceAll('-', '\u2212');
    return language === 'fr' ? text.replace('.', ',') : text;
  }
  const digits = Number.isInteger(value) ? {} : { maximumSignificantDigits: 6 };
  return new Intl.NumberFormat(language, digits).format(value).replace('-', '\u2212');
}
