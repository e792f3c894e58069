// Which questions of which lesson were solved: in this browser's localStorage and nowhere else.
import { make_code } from './result_code';

const key = (): string => `cvlab:solved:${lesson()}`;

/** The lesson of this page in any language: "convolution" for /convolution and /fr/convolution. */
export const lesson = (): string =>
  location.pathname.replace(/\.html$/, '').replace(/\/$/, '').split('/').pop() || 'index';

/** Ids of the solved questions. */
export function progress(): Set<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem(key()) ?? '[]') as string[]);
  } catch {
    return new Set();  // storage is off, or holds something else: the lesson works without
  }
}

export function mark_solved(id: string): void {
  save(progress().add(id));
}

export function clear_progress(): void {
  save(new Set());
}

function save(solved: Set<string>): void {
  try {
    localStorage.setItem(key(), JSON.stringify([...solved]));
  } catch {
    // Storage is off: the question still says that it is right, only the next visit will not know.
  }
  document.dispatchEvent(new CustomEvent('cv-progress'));
}

/** The result code of this page's questions, in the order in which they stand. */
export function result_code(name: string): string {
  const solved = progress();
  const bits = [...document.querySelectorAll('cv-check')].map((check) => solved.has(check.id));
  return make_code(lesson(), bits, name);
}
