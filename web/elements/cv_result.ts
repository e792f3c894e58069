// <cv-result>: how many of this page's questions are solved, and the code to hand in.
import { escape } from './html';
import { clear_progress, progress, result_code } from './progress';
import { language_of, word } from './words';

export class CvResult extends HTMLElement {
  #unlisten = new AbortController();

  connectedCallback(): void {
    this.#unlisten = new AbortController();
    const options = { signal: this.#unlisten.signal };
    const language = language_of(this);
    this.innerHTML = `<section class="cv-results"><p class="cv-results-title">${word(language, 'result_title')}</p>` +
      `<p data-count></p><label class="cv-part"><span>${word(language, 'result_name')}</span>` +
      `<input type="text" autocomplete="name" data-name></label><p class="cv-code"><span>${word(language, 'result_code')}</span> ` +
      `<output data-code></output></p><p class="cv-note">${escape(word(language, 'result_help'))}</p><div class="cv-actions">` +
      `<button type="button" class="cv-button" data-act="copy">${word(language, 'result_copy')}</button>` +
      `<button type="button" class="cv-button" data-act="clear">${word(language, 'result_clear')}</button></div></section>`;
    const show = () => this.#show();
    document.addEventListener('cv-progress', show, options);
    this.querySelector('[data-name]')!.addEventListener('input', show, options);
    this.querySelector('[data-act="copy"]')!.addEventListener('click', () =>
      void navigator.clipboard?.writeText(this.querySelector('[data-code]')!.textContent!).catch(() => {}), options);
    this.querySelector('[data-act="clear"]')!.addEventListener('click', clear_progress, options);
    this.#show();
  }

  disconnectedCallback(): void {
    this.#unlisten.abort();
  }

  #show(): void {
    const solved = progress();
    const checks = [...document.querySelectorAll('cv-check')];
    const count = checks.filter((check) => solved.has(check.id)).length;
    this.querySelector('[data-count]')!.textContent = word(language_of(this), 'result_count', count, checks.length);
    this.querySelector('[data-code]')!.textContent = result_code(this.querySelector<HTMLInputElement>('[data-name]')!.value);
  }
}
