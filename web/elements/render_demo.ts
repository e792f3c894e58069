// The HTML of a figure as text, from the catalogue. The build writes it into the page (so that poster, controls and
// labels are there before any script runs), and <cv-demo> writes it itself when a script made the element.
import { defaults, parse_matrix, poster_name, visible, type Demo, type Language, type Param, type Values } from './catalogue';
import { escape, icon } from './html';
import { word } from './words';

export interface FigureOptions {
  uid: string;          // prefix of every id inside
  hidden?: Set<string>; // parameters whose control is left out
  number?: number;      // "Figure 2"
}

export function render_figure(demo: Demo, state: Values, language: Language, options: FigureOptions): string {
  const values = { ...defaults(demo), ...state };
  return `<div class="cv-plate">${render_stage(demo, values, language)}${render_panel(demo, values, language, options)}` +
    `<div class="cv-foot">${render_readouts(demo, language)}${render_actions(language)}` +
    `<p class="cv-note">${word(language, 'enter')}</p><p class="cv-sentence cv-hidden" aria-live="polite"></p></div></div>`;
}

// A poster is a picture of the figure in its very state, wide or (for a narrow screen) upright, made by scripts/posters.mjs.
function render_stage(demo: Demo, values: Values, language: Language): string {
  const alt = escape(demo.summary?.[language] || demo.title[language]);
  const name = poster_name(demo, values);
  const poster = (theme: string) => `<picture class="cv-${theme}-only"><source media="(max-width: 640px)" ` +
    `srcset="/posters/${name}-${theme}-narrow.png"><img class="cv-poster" src="/posters/${name}-${theme}.png" alt="${alt}" ` +
    `loading="lazy" decoding="async"></picture>`;
  return `<div class="cv-stage" style="--cv-aspect:${demo.aspect};--cv-narrow-aspect:${demo.narrow_aspect}">${poster('light')}${poster('dark')}` +
    `<p class="cv-status" role="status" hidden></p></div>`;
}

function render_panel(demo: Demo, values: Values, language: Language, options: FigureOptions): string {
  const shown = demo.params.filter((param) => !options.hidden?.has(param.id));
  const field = (param: Param) => render_field(param, values, language, options.uid);
  const main = shown.filter((param) => param.group === 'main').map(field).join('');
  const more = shown.filter((param) => param.group === 'more').map(field).join('');
  const folded = more &&
    `<details class="cv-more"><summary>${word(language, 'more')}</summary><div class="cv-fields">${more}</div></details>`;
  return `<div class="cv-panel" role="group" aria-label="${escape(word(language, 'controls'))}">` +
    (demo.has_steps ? render_steps(demo, language, options.uid) : '') +
    `<div class="cv-fields">${main}</div>${folded}</div>`;
}

function render_steps(demo: Demo, language: Language, uid: string): string {
  const button = (act: string, name: 'back' | 'play' | 'forward') =>
    `<button type="button" class="cv-button cv-icon" data-act="${act}" aria-label="${word(language, name)}" ` +
    `title="${word(language, name)}">${icon(name)}</button>`;
  return `<div class="cv-steps" role="group" aria-label="${word(language, 'steps')}">` +
    button('back', 'back') + button('play', 'play') + button('forward', 'forward') + (demo.works ? '' :
    `<label class="cv-speed" for="${uid}-speed"><span>${word(language, 'speed')}</span>` +
    `<input id="${uid}-speed" type="range" min="-2" max="4" step="1" value="0" data-speed aria-valuetext="× 1"></label>`) + '</div>';
}

function render_readouts(demo: Demo, language: Language): string {
  if (demo.readouts.length === 0) return '';
  // The roles are spelt out because the style sheet lays the rows out as a grid, which hides a table from screen readers.
  const rows = demo.readouts.map((readout) => `<tr role="row" data-readout="${readout.id}"><th role="rowheader" scope="row">` +
    `${escape(readout.label[language])}</th><td role="cell">–</td></tr>`).join('');
  return `<table class="cv-readouts" role="table"><caption>${word(language, 'readouts')}</caption>` +
    `<tbody role="rowgroup">${rows}</tbody></table>`;
}

function render_actions(language: Language): string {
  const button = (act: string, name: 'full_screen' | 'copy_link' | 'reset') =>
    `<button type="button" class="cv-button" data-act="${act}">${icon(name)}<span>${word(language, name)}</span></button>`;
  return `<div class="cv-actions">${button('full-screen', 'full_screen')}${button('copy-link', 'copy_link')}` +
    `${button('reset', 'reset')}</div>`;
}

// --- one control ---------------------------------------------------------------------------------------------

export function render_field(param: Param, values: Values, language: Language, uid: string): string {
  const id = `${uid}-${param.id}`;
  const label = escape(param.label[language]);
  const help = param.help?.[language] ?? '';
  const grouped = param.type === 'cell' || param.type === 'matrix' || is_segmented(param, language);
  const name = grouped
    ? `<span class="cv-label" id="${id}-label">${label}</span>`
    : `<label class="cv-label" for="${id}">${label}</label>`;
  const about = help && `<button type="button" class="cv-about" data-about="${id}-help" aria-expanded="false" ` +
    `aria-controls="${id}-help" aria-label="${escape(word(language, 'help', param.label[language]))}">?</button>`;
  return `<div class="cv-field" data-param="${param.id}" data-type="${param.type}"` +
    (grouped ? ` role="group" aria-labelledby="${id}-label"` : '') + (visible(param, values) ? '' : ' hidden') + '>' +
    `<div class="cv-head">${name}${about}</div>${render_input(param, values[param.id], language, id)}` +
    (help && `<p class="cv-help" id="${id}-help" hidden>${escape(help)}</p>`) +
    `<p class="cv-error" id="${id}-error" role="alert" hidden></p></div>`;
}

// Side by side, each as wide as the longest: a few short words fit, others are a list.
const segments_width = 44;  // characters
const is_segmented = (param: Param, language: Language): boolean => param.type === 'choice' && param.choices.length <= 4 &&
  param.choices.length * Math.max(...param.choices.map(({ label }) => label[language].length)) <= segments_width;

function render_input(param: Param, value: string, language: Language, id: string): string {
  const described = `aria-describedby="${param.help?.[language] ? `${id}-help ` : ''}${id}-error"`;
  const text = escape(value);
  switch (param.type) {
    case 'integer':
    case 'real': {
      const range = range_of(param);
      return `<div class="cv-range"><input id="${id}" type="range" min="${range.min}" max="${range.max}" ` +
        `step="${range.step}" value="${range.to_slider(Number(value))}" aria-valuetext="${text}" ${described} data-slider>` +
        `<input type="number" min="${param.min}" max="${param.max}" step="${param.type === 'integer' ? param.step || 1 : 'any'}" ` +
        `value="${text}" aria-label="${escape(word(language, 'number_of', param.label[language]))}" data-number></div>`;
    }
    case 'toggle':
      return `<label class="cv-switch"><input id="${id}" type="checkbox" role="switch" ${value === '1' ? 'checked ' : ''}` +
        `aria-label="${escape(param.label[language])}" ${described}><span class="cv-track" aria-hidden="true"></span></label>`;
    case 'choice':
      return is_segmented(param, language) ? render_segments(param, value, language, id) : render_select(param, value, language, id, described);
    case 'picture':
      return render_select(param, value, language, id, described) + render_own_picture(language, id);
    case 'cell':
      return render_cell(param, value, language, id);
    case 'matrix':
      return `<div class="cv-matrix">${render_matrix(param, value, language, id)}</div>`;
    case 'text':
      return `<input id="${id}" class="cv-input" type="text" value="${text}" spellcheck="false" ${described}>`;
  }
}

function render_select(param: Param, value: string, language: Language, id: string, described: string): string {
  const options = param.choices.map((choice) => `<option value="${escape(choice.id)}"${choice.id === value ? ' selected' : ''}>` +
    `${escape(choice.label[language])}</option>`).join('');
  return `<select id="${id}" class="cv-input" ${described}>${options}</select>`;
}

function render_segments(param: Param, value: string, language: Language, id: string): string {
  const segments = param.choices.map((choice) =>
    `<label class="cv-segment"><input type="radio" name="${id}" value="${escape(choice.id)}"` +
    `${choice.id === value ? ' checked' : ''}><span>${escape(choice.label[language])}</span></label>`).join('');
  return `<div class="cv-segments">${segments}</div>`;
}

// "own" is the picture that the learner opens or films; it is read by the frame and goes nowhere else.
function render_own_picture(language: Language, id: string): string {
  return `<div class="cv-own"><input class="cv-hidden" type="file" accept="image/*" id="${id}-file" tabindex="-1" ` +
    `aria-hidden="true"><button type="button" class="cv-button" data-act="open-file">${icon('open_file')}<span>${word(language, 'open_file')}</span>` +
    `</button><button type="button" class="cv-button" data-act="camera" aria-pressed="false">${icon('camera')}<span>${word(language, 'camera')}</span>` +
    `</button></div><p class="cv-note">${word(language, 'private')}</p>`;
}

function render_cell(param: Param, value: string, language: Language, id: string): string {
  const parts = value.split(',');
  const part = (name: 'row' | 'column', index: number) =>
    `<label class="cv-part"><span>${word(language, name)}</span><input id="${id}-${name}" type="number" step="1" ` +
    `min="${param.min}" max="${param.max}" value="${escape(parts[index] ?? '')}" data-cell="${index}"></label>`;
  return `<div class="cv-cell">${part('row', 0)}${part('column', 1)}</div>`;
}

/** The inside of a matrix control: its size and one field per number. Rendered again when the size changes. */
export function render_matrix(param: Param, value: string, language: Language, id: string): string {
  const matrix = parse_matrix(value);
  const columns = Math.max(1, ...matrix.map((row) => row.length));
  const size = (name: 'rows' | 'columns', count: number) =>
    `<label class="cv-part"><span>${word(language, name)}</span><input id="${id}-${name}" type="number" step="1" ` +
    `min="${Math.max(1, param.min)}" max="${param.max}" value="${count}" data-size="${name}"></label>`;
  const cells = matrix.map((row, r) => row.map((cell, c) =>
    `<input type="text" autocomplete="off" spellcheck="false" value="${escape(cell)}" data-entry="${r},${c}" ` +
    `aria-label="${escape(word(language, 'entry', r + 1, c + 1))}">`).join('')).join('');
  return `<div class="cv-cell">${size('rows', matrix.length)}${size('columns', columns)}</div>` +
    `<div class="cv-grid" style="--cv-columns:${columns}">${cells}</div>`;
}

// --- sliders -------------------------------------------------------------------------------------------------

export interface SliderRange {
  min: number;
  max: number;
  step: number;
  to_slider(value: number): number;
  to_value(position: number): number;
}

// A quantity that spans two decades or more (a zoom of 1 to 1024) gets a slider of its logarithm, in 200 stops.
export function range_of(param: Param): SliderRange {
  if (param.type === 'real' && param.min > 0 && param.max / param.min >= 100) {
    const stops = 200;
    const span = Math.log(param.max / param.min);
    return {
      min: 0, max: stops, step: 1,
      to_slider: (value) => Math.round((Math.log(value / param.min) / span) * stops),
      to_value: (position) => tidy(param.min * Math.exp((position / stops) * span))
    };
  }
  const step = param.step || (param.type === 'integer' ? 1 : (param.max - param.min) / 100);
  return { min: param.min, max: param.max, step, to_slider: (value) => value, to_value: tidy };
}

// Four digits: what a hand on a slider means, without the dust of binary fractions.
const tidy = (value: number): number => Number(value.toPrecision(4));
