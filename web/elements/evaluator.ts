// Asks the core what a demo measures in a state, out of sight: one hidden frame a page, made at the first question and
// used for all of them. Answers are kept, for the core gives the same numbers for the same state.
import type { Language } from './catalogue';
import { FrameLink, frame_url, make_frame, type Reading } from './frame_link';

export type Readings = Record<string, Reading>;

const patience = 15_000;  // for a photograph to arrive and be computed

let link: FrameLink | null = null;
let open_demo = '';
let queue: Promise<unknown> = Promise.resolve();
const known = new Map<string, Readings>();

/** The read-outs `wanted` of `demo` in `state` (a URL query). Rejects with a sentence when they cannot be had. */
export function evaluate(demo: string, state: string, wanted: string[], language: Language): Promise<Readings> {
  const answer = queue.then(() => run(demo, state, wanted, language));
  queue = answer.catch(() => {});
  return answer;
}

async function run(demo: string, state: string, wanted: string[], language: Language): Promise<Readings> {
  const key = `${demo}?${state}`;
  const before = known.get(key);
  if (before && wanted.every((id) => id in before)) return before;
  const frame = await open_frame(demo, language);
  await frame.ask('reset');
  const params = Object.fromEntries(new URLSearchParams(state));
  const { errors } = await frame.ask('set', { params });
  if (errors?.length) throw new Error(errors.map((error) => error.sentence).join(' '));
  const end = Date.now() + patience;
  for (;;) {
    const { values } = await frame.ask('readouts');
    const unknown = wanted.filter((id) => !(id in values));
    if (unknown.length) throw new Error(`${demo}: ${unknown.join(', ')}?`);
    if (wanted.every((id) => values[id] !== null)) {
      known.set(key, values);
      return values;
    }
    if (Date.now() > end) throw new Error(`${demo}?${state}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function open_frame(demo: string, language: Language): Promise<FrameLink> {
  if (link && link.frame.isConnected) {
    if (open_demo === demo) return ready(link);
    await link.close();
  }
  const frame = make_frame('');
  frame.className = 'cv-evaluator';
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  frame.inert = true;
  link = new FrameLink(frame, {});
  open_demo = demo;
  frame.src = frame_url(demo, { language, state: '', module: 'baseline' });
  document.body.append(frame);
  return ready(link);
}

async function ready(opened: FrameLink): Promise<FrameLink> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no answer')), 2 * patience));
  await Promise.race([opened.ready, late]);
  return opened;
}

/** Takes the hidden frame away (the reader goes to another page). */
export function close_evaluator(): void {
  void link?.close();
  link = null;
}
