// The HTML of a question around its Markdown text. The build writes it into the page.
import type { Language } from './catalogue';
import { escape } from './html';
import { word } from './words';

export type CheckKind = 'number' | 'cell' | 'kernel' | 'state';

export interface CheckAttributes {
  kind: CheckKind;
  rows?: string;       // kernel: size of the grid to fill in
  columns?: string;
  labels?: string;     // cell: names of the two fields, "rows,columns"
  unit?: string;
  tolerance?: string;
}

export function render_check_head(number: number, language: Language): string {
  return `<form class="cv-question" novalidate><fieldset><legend>${word(language, 'question', number)} ` +
    `<span class="cv-solved" hidden>${word(language, 'solved')}</span></legend><div class="cv-text">`;
}

export function render_check_foot(attributes: CheckAttributes, uid: string, language: Language, hints: number): string {
  const hint = hints === 0 ? '' :
    `<button type="button" class="cv-button" data-act="hint">${word(language, 'hint', 1, hints)}</button>`;
  return `</div><div class="cv-answer">${render_answer(attributes, uid, language)}` +
    `<button type="submit" class="cv-button cv-strong">${word(language, 'check')}</button>${hint}</div>` +
    `<div class="cv-result" role="status" aria-live="polite"></div></fieldset></form>`;
}

function render_answer(attributes: CheckAttributes, uid: string, language: Language): string {
  const about = about_of(attributes, language);
  switch (attributes.kind) {
    case 'number':
      return `<label class="cv-part" for="${uid}-answer"><span>${word(language, 'answer')}</span>` +
        `<input id="${uid}-answer" type="text" inputmode="text" autocomplete="off" data-answer></label>${about}`;
    case 'cell': {
      const labels = (attributes.labels ?? `${word(language, 'row')},${word(language, 'column')}`).split(',');
      return labels.map((label, index) => `<label class="cv-part" for="${uid}-${index}"><span>${escape(label.trim())}</span>` +
        `<input id="${uid}-${index}" type="text" inputmode="numeric" autocomplete="off" data-answer></label>`).join('') + about;
    }
    case 'kernel': {
      const [rows, columns] = [Number(attributes.rows ?? 3), Number(attributes.columns ?? 3)];
      const cells = Array.from({ length: rows * columns }, (_, index) =>
        `<input type="text" autocomplete="off" spellcheck="false" data-answer ` +
        `aria-label="${escape(word(language, 'entry', Math.floor(index / columns) + 1, (index % columns) + 1))}">`).join('');
      return `<div class="cv-grid" style="--cv-columns:${columns}">${cells}</div>`;
    }
    case 'state':
      return '';
  }
}

function about_of({ unit, tolerance }: CheckAttributes, language: Language): string {
  const number = (text: string) => (language === 'fr' ? text.replace('.', ',') : text);
  const parts = [unit && escape(unit), Number(tolerance) > 0 && word(language, 'tolerance', number(tolerance!))].filter(Boolean);
  return parts.length ? `<span class="cv-unit">${parts.join(' · ')}</span>` : '';
}
