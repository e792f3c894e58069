// The words of the page's own elements. Names of parameters, choices and read-outs come with the catalogue instead.
import type { Language } from './catalogue';
import en from './words/en.json';
import fr from './words/fr.json';

const tables: Record<Language, Record<keyof typeof en, string>> = { en, fr };

export type WordId = keyof typeof en;

/** The word `id` in `language`, "{0}", "{1}" replaced by the arguments. */
export function word(language: Language, id: WordId, ...args: (string | number)[]): string {
  return tables[language][id].replace(/\{(\d)\}/g, (_, index) => String(args[Number(index)] ?? ''));
}

/** The language of the page around `element`. */
export function language_of(element: Element): Language {
  const tag = element.closest('[lang]')?.getAttribute('lang') ?? 'en';
  return tag.toLowerCase().startsWith('fr') ? 'fr' : 'en';
}
