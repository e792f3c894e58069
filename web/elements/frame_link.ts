// One frame page and the messages to and from it (app/embed/README.md, version 1).
import type { Language, Values } from './catalogue';

export interface FrameState {
  demo: string;
  params: Values;
  text: string;
  playing: boolean;
  errors?: { id: string; sentence: string }[];
}

export type Reading = number | string | null;

export interface FrameReadouts {
  values: Record<string, Reading>;
  sentence: string;
}

export interface FrameAnswers {
  set: FrameState;
  get: FrameState;
  readouts: FrameReadouts;
  step: { moved: boolean };
  play: FrameState;
  pause: FrameState;
  reset: FrameState;
  options: FrameState;
  picture: FrameState;
  camera: FrameState;
  stop: object;
}

/** What the frame says without being asked. */
export interface FrameEvents {
  ready: { demo: string; module: string; version: string };
  state: FrameState;
  readouts: FrameReadouts;
  entered: object;
  left: object;
  error: { sentence: string };
}

export interface FrameOptions {
  language: Language;
  state: string;
  panel?: boolean;
  hide?: string;
  module?: string;
}

export const page_theme = (): 'light' | 'dark' =>
  document.documentElement.classList.contains('dark') ? 'dark' : 'light';

export function frame_url(demo: string, options: FrameOptions): string {
  const query = new URLSearchParams({ demo, lang: options.language, theme: page_theme(), panel: options.panel ? '1' : '0' });
  if (options.hide) query.set('hide', options.hide);
  if (options.module) query.set('module', options.module);
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) query.set('motion', 'reduced');
  return `/embed/?${query}${options.state && '&' + options.state}`;
}

export function make_frame(title: string): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = title;
  frame.allow = 'camera; fullscreen; clipboard-write; cross-origin-isolated';
  return frame;
}

type Waiting = { resolve(value: never): void; reject(error: Error): void };

export class FrameLink {
  readonly frame: HTMLIFrameElement;
  readonly ready: Promise<void>;
  is_ready = false;
  #settle_ready!: Waiting;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  #closed = false;
  #hear: (event: MessageEvent) => void;

  constructor(frame: HTMLIFrameElement, on: Partial<{ [E in keyof FrameEvents]: (data: FrameEvents[E]) => void }>) {
    this.frame = frame;
    this.ready = new Promise<void>((resolve, reject) => (this.#settle_ready = { resolve: resolve as () => void, reject }));
    this.ready.catch(() => {});  // who waits for it hears it; nobody waiting is no error
    this.#hear = (event) => {
      const data = event.data;
      if (event.source !== frame.contentWindow || event.origin !== location.origin || data?.cvlab !== 1) return;
      const waiting = this.#waiting.get(data.seq);
      if (waiting) {
        this.#waiting.delete(data.seq);
        if (data.type === 'error') waiting.reject(new Error(data.sentence));
        else waiting.resolve(data as never);
      }
      if (data.type === 'ready') {
        this.is_ready = true;
        (this.#settle_ready.resolve as () => void)();
      }
      on[data.type as keyof FrameEvents]?.(data as never);
    };
    addEventListener('message', this.#hear);
  }

  /** Sends one message and waits for its answer; waits for the frame to be ready first. */
  async ask<T extends keyof FrameAnswers>(type: T, fields: object = {}): Promise<FrameAnswers[T]> {
    await this.ready;
    if (this.#closed) throw new Error('the figure was closed');
    return this.#post(type, fields);
  }

  #post<T extends keyof FrameAnswers>(type: T, fields: object): Promise<FrameAnswers[T]> {
    const seq = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(seq, { resolve, reject });
      this.frame.contentWindow?.postMessage({ cvlab: 1, type, seq, ...fields }, location.origin);
    });
  }

  /** Stops the module, so that its memory and GL context go at once, then takes the frame away. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const soon = new Promise((resolve) => setTimeout(resolve, 500));
    if (this.is_ready) await Promise.race([this.#post('stop', {}).catch(() => {}), soon]);
    removeEventListener('message', this.#hear);
    this.frame.remove();
    const gone = new Error('the figure was closed');
    this.#settle_ready.reject(gone);
    for (const { reject } of this.#waiting.values()) reject(gone);
    this.#waiting.clear();
  }
}
