// <cv-demo name="convolution" kernel="sobel-x" main hide="padding"> : one figure in a page.
//
// What a reader meets first is a poster and the controls, both plain HTML that the build wrote. The figure itself is the
// frame page /embed/, put in when it comes near the viewport and taken out when it is far away. The state lives in three
// places that this element keeps equal: the controls, the frame, and (for a link) the page's URL.
//
// For scripts: set({id: value}), get(), readouts(), step(delta), play(speed), pause(), reset() are promises that load the
// figure when needed; every change of a read-out is a `readouts` event whose detail is {id: value}.
import { defaults, format_state, format_value, parse_state, type Demo, type Language, type Values } from './catalogue';
import { Controls } from './controls';
import { FrameLink, frame_url, make_frame, page_theme, type FrameReadouts, type FrameState, type Reading } from './frame_link';
import { icon } from './html';
import { load_demo } from './load_demo';
import { render_figure } from './render_demo';
import { language_of, word } from './words';

const near = '60% 0px';   // a frame is put in when its figure is this close to the viewport …
const far = '250% 0px';   // … and taken out when it is further away than this
const patience = 30_000;  // milliseconds that a frame has to become ready

let made = 0;

export class CvDemo extends HTMLElement {
  #demo: Demo | null = null;
  #language: Language = 'en';
  #values: Values = {};
  #controls: Controls | null = null;
  #link: FrameLink | null = null;
  #playing = false;
  #observers: { disconnect(): void }[] = [];
  #unlisten = new AbortController();
  #prepared: Promise<void> | null = null;
  #pending: Values = {};      // changed by a control, not yet sent
  #unanswered: Values[] = [];  // sent; until the answer comes the controls show these, not what the frame last said
  #pending_timer = 0;
  #sentence_timer = 0;

  connectedCallback(): void {
    this.#unlisten = new AbortController();
    this.#prepared = this.#prepare();
    this.#prepared.catch((error: Error) => this.#fail(error.message));
  }

  disconnectedCallback(): void {
    this.#unlisten.abort();
    for (const observer of this.#observers.splice(0)) observer.disconnect();
    clearTimeout(this.#pending_timer);
    clearTimeout(this.#sentence_timer);
    void this.#link?.close();
    this.#link = null;
  }

  // --- for scripts -------------------------------------------------------------------------------------------

  /** Sets parameters; rejects with the core's sentence when a value is refused (the right ones are set all the same). */
  async set(values: Record<string, string | number | boolean>): Promise<FrameState> {
    const link = await this.#load();
    const state = await link.ask('set', { params: values });
    this.#take_state(state);
    if (state.errors?.length) throw new Error(state.errors.map((error) => error.sentence).join(' '));
    return state;
  }

  async get(): Promise<FrameState> {
    return (await this.#load()).ask('get');
  }

  async readouts(): Promise<Record<string, Reading>> {
    const answer = await (await this.#load()).ask('readouts');
    return answer.values;
  }

  async step(delta = 1): Promise<boolean> {
    const answer = await (await this.#load()).ask('step', { delta });
    return answer.moved;
  }

  async play(speed?: number): Promise<void> {
    const chosen = speed ?? this.#speed();
    this.#take_state(await (await this.#load()).ask('play', { speed: chosen }));
  }

  async pause(): Promise<void> {
    this.#take_state(await (await this.#load()).ask('pause'));
  }

  async reset(): Promise<void> {
    const link = await this.#load();
    await link.ask('reset');
    await this.set(this.#start());  // a lesson's figure goes back to what the lesson shows
  }

  /** The link to this page with this figure in its present state. */
  link(): string {
    const url = new URL(location.href);
    const state = this.#demo ? format_state(this.#demo, this.#values) : '';
    return url.origin + url.pathname + (state && '?' + state) + (this.#is_main() || !this.id ? '' : '#' + this.id);
  }

  // --- getting ready -----------------------------------------------------------------------------------------

  async #prepare(): Promise<void> {
    this.#language = language_of(this);
    this.#demo = await load_demo(this.getAttribute('name') ?? '');
    this.#values = { ...defaults(this.#demo), ...this.#start(), ...this.#from_url() };
    if (!this.querySelector('.cv-plate')) {
      this.insertAdjacentHTML('afterbegin', render_figure(this.#demo, this.#values, this.#language,
        { uid: `cv-made-${++made}`, hidden: this.#hidden() }));
    }
    this.#controls = new Controls(this, this.#demo, this.#language, (values) => this.#change(values));
    this.#controls.show(this.#values);
    this.#listen();
    this.#watch();
    this.setAttribute('data-live', '');
  }

  #hidden = (): Set<string> =>
    new Set((this.getAttribute('hide') ?? '').split(',').map((id) => id.trim()).filter(Boolean));

  /** The state that the attributes name. */
  #start(): Values {
    const values: Values = {};
    for (const param of this.#demo!.params) {
      const text = this.getAttribute(param.id);
      if (text !== null && param.id !== 'hide') values[param.id] = text;
    }
    return values;
  }

  // A link's state belongs to the figure its #fragment names, else to the main one.
  #from_url(): Values {
    const named = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const mine = named instanceof CvDemo ? named === this : this.#is_main();
    return mine ? parse_state(this.#demo!, location.search) : {};
  }

  #is_main(): boolean {
    const all = [...document.querySelectorAll<CvDemo>('cv-demo')];
    return (all.find((demo) => demo.hasAttribute('main')) ?? all[0]) === this;
  }

  #listen(): void {
    const options = { signal: this.#unlisten.signal };
    this.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-act]');
      if (button) void this.#act(button).catch((error: Error) => this.#fail(error.message));
    }, options);
    this.querySelector('[data-speed]')?.addEventListener('input', () => this.#speed_changed(), options);
    this.querySelector<HTMLInputElement>('input[type=file]')?.addEventListener('change', (event) => {
      const file = (event.target as HTMLInputElement).files?.[0];
      if (file) void this.#open_picture(file).catch((error: Error) => this.#fail(error.message));
      (event.target as HTMLInputElement).value = '';  // the same file may be chosen again
    }, options);
    document.addEventListener('fullscreenchange', () => {
      if (!document.fullscreenElement && this.#link?.is_ready) void this.#link.ask('options', { panel: false });
    }, options);
    this.#mind_posters(options);
    const theme = new MutationObserver(() => {
      if (this.#link?.is_ready) void this.#link.ask('options', { theme: page_theme() });
    });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
    this.#observers.push(theme);
  }

  // A state without a poster of its own (a figure made by a script) shows the demo's.
  #mind_posters(options: AddEventListenerOptions): void {
    for (const poster of this.querySelectorAll<HTMLImageElement>('.cv-poster')) {
      const theme = poster.closest('.cv-dark-only') ? 'dark' : 'light';
      const fall_back = () => {
        poster.parentElement!.querySelector('source')?.remove();
        poster.src = `/posters/${this.#demo!.id}-${theme}.png`;
      };
      if (poster.complete && poster.currentSrc && poster.naturalWidth === 0) fall_back();
      else poster.addEventListener('error', fall_back, { ...options, once: true });
    }
  }

  #watch(): void {
    const stage = this.querySelector('.cv-stage')!;
    const come = new IntersectionObserver((entries) => {
      if (entries.at(-1)!.isIntersecting) void this.#load().catch(() => {});  // the failure is shown in the stage
    }, { rootMargin: near });
    const go = new IntersectionObserver((entries) => {
      if (!entries.at(-1)!.isIntersecting && !document.fullscreenElement) this.#unload();
    }, { rootMargin: far });
    come.observe(stage);
    go.observe(stage);
    this.#observers.push(come, go);
  }

  // --- the frame ---------------------------------------------------------------------------------------------

  async #load(): Promise<FrameLink> {
    await this.#prepared;
    if (!this.#link) this.#open_frame();
    const link = this.#link!;
    await link.ready;
    return link;
  }

  #open_frame(): void {
    const demo = this.#demo!;
    const stage = this.querySelector<HTMLElement>('.cv-stage')!;
    const frame = make_frame(demo.title[this.#language]);
    const link = new FrameLink(frame, {
      ready: () => this.#became_ready(link),
      state: (state) => this.#take_state(state),
      readouts: (readouts) => this.#take_readouts(readouts),
      entered: () => this.setAttribute('data-entered', ''),
      left: () => { this.removeAttribute('data-entered'); frame.blur(); },
      error: ({ sentence }) => this.#fail(sentence)
    });
    this.#link = link;
    frame.src = frame_url(demo.id, { language: this.#language, state: format_state(demo, this.#values),
      hide: this.getAttribute('hide') ?? '', module: this.getAttribute('module') ?? '' });
    this.setAttribute('data-loading', '');
    this.#status(word(this.#language, 'loading'));
    stage.append(frame);
    setTimeout(() => {
      if (this.#link === link && !link.is_ready) this.#fail(word(this.#language, 'timeout'));
    }, patience);
  }

  async #became_ready(link: FrameLink): Promise<void> {
    this.removeAttribute('data-loading');
    this.#status('');
    this.setAttribute('data-ready', '');
    if (Object.keys(this.#pending).length) this.#flush();
    this.#take_readouts(await link.ask('readouts'));
  }

  #unload(): void {
    const link = this.#link;
    if (!link) return;
    this.#link = null;
    this.#playing = false;
    this.#show_playing();
    for (const name of ['data-loading', 'data-ready', 'data-entered']) this.removeAttribute(name);
    void link.close();
  }

  #take_state(state: FrameState): void {
    if (!this.#demo || state.demo !== this.#demo.id) return;
    this.#values = Object.assign({}, this.#values, state.params, ...this.#unanswered, this.#pending);
    this.#controls?.show(this.#values);
    this.#controls?.show_errors(state.errors ?? []);
    this.#playing = state.playing;
    this.#show_playing();
  }

  #take_readouts({ values, sentence }: FrameReadouts): void {
    for (const [id, value] of Object.entries(values)) {
      const cell = this.querySelector(`[data-readout="${id}"] td`);
      if (cell) cell.textContent = format_value(value, this.#language);
    }
    // A screen reader hears the sentence once things have come to rest, not sixty times a second.
    clearTimeout(this.#sentence_timer);
    this.#sentence_timer = window.setTimeout(() => {
      const line = this.querySelector('.cv-sentence');
      if (line && line.textContent !== sentence) line.textContent = sentence;
    }, this.#playing ? 2500 : 500);
    this.dispatchEvent(new CustomEvent('readouts', { detail: values, bubbles: true }));
  }

  // --- the controls ------------------------------------------------------------------------------------------

  // Many changes of one frame (a dragged slider) become one message.
  #change(values: Values): void {
    this.#values = { ...this.#values, ...values };
    Object.assign(this.#pending, values);
    this.#controls?.show(this.#values);
    void this.#load().catch(() => {});
    if (!this.#pending_timer) this.#pending_timer = window.setTimeout(() => this.#flush(), 16);
  }

  #flush(): void {
    this.#pending_timer = 0;
    if (!this.#link?.is_ready) return;  // became_ready() sends them
    const params = this.#pending;
    this.#pending = {};
    this.#unanswered.push(params);
    void this.#send(this.#link, params);
  }

  async #send(link: FrameLink, params: Values): Promise<void> {
    const state = await link.ask('set', { params }).catch(() => null);
    this.#unanswered = this.#unanswered.filter((other) => other !== params);
    if (state) this.#take_state(state);
  }

  async #act(button: HTMLElement): Promise<void> {
    switch (button.dataset.act) {
      case 'play': return this.#playing ? this.pause() : this.play();
      case 'back': return void (await this.step(-1));
      case 'forward': return void (await this.step(1));
      case 'reset': return this.reset();
      case 'full-screen': return this.#full_screen();
      case 'copy-link': return this.#copy_link(button);
      case 'open-file': return this.querySelector<HTMLInputElement>('input[type=file]')?.click();
      case 'camera': return this.#camera(button);
      case 'retry': return void (this.#unload(), this.#status(''), await this.#load());
    }
  }

  /** 2 to the power of the slider: a quarter to sixteen times. */
  #speed(): number {
    return 2 ** Number(this.querySelector<HTMLInputElement>('[data-speed]')?.value ?? 0);
  }

  #speed_changed(): void {
    const slider = this.querySelector<HTMLInputElement>('[data-speed]')!;
    slider.setAttribute('aria-valuetext', `× ${format_value(this.#speed(), this.#language)}`);
    if (this.#playing) void this.play();
  }

  #show_playing(): void {
    const button = this.querySelector<HTMLElement>('[data-act="play"]');
    if (!button) return;
    const name = this.#playing ? 'pause' : 'play';
    if (button.dataset.shows === name) return;
    button.dataset.shows = name;
    button.innerHTML = icon(name);
    button.setAttribute('aria-label', word(this.#language, name));
    button.title = word(this.#language, name);
  }

  async #full_screen(): Promise<void> {
    const link = await this.#load();
    if (!link.frame.requestFullscreen) {  // an iPhone: the frame page alone in a tab is its full screen
      open(frame_url(this.#demo!.id, { language: this.#language, panel: true, state: format_state(this.#demo!, this.#values) }));
      return;
    }
    await link.frame.requestFullscreen();
    await link.ask('options', { panel: true });
    link.frame.focus();
  }

  async #copy_link(button: HTMLElement): Promise<void> {
    const link = this.link();
    const label = button.querySelector('span')!;
    try {
      await navigator.clipboard.writeText(link);
      label.textContent = word(this.#language, 'copied');
    } catch {
      this.#status(word(this.#language, 'copy_failed', link));
    }
    setTimeout(() => (label.textContent = word(this.#language, 'copy_link')), 2000);
  }

  async #open_picture(file: File): Promise<void> {
    const link = await this.#load();
    this.#show_camera(false);
    this.#take_state(await link.ask('picture', { blob: file }));
    this.#status('');
  }

  async #camera(button: HTMLElement): Promise<void> {
    const on = button.getAttribute('aria-pressed') !== 'true';
    const link = await this.#load();
    this.#take_state(await link.ask('camera', { on }));
    this.#status('');
    this.#show_camera(on);
  }

  #show_camera(on: boolean): void {
    const button = this.querySelector<HTMLElement>('[data-act="camera"]');
    if (!button) return;
    button.setAttribute('aria-pressed', String(on));
    button.querySelector('span')!.textContent = word(this.#language, on ? 'camera_off' : 'camera');
  }

  // --- saying how it is --------------------------------------------------------------------------------------

  #status(text: string): void {
    const line = this.querySelector<HTMLElement>('.cv-status');
    if (!line) return;
    line.hidden = text === '';
    line.textContent = text;
  }

  #fail(sentence: string): void {
    this.removeAttribute('data-loading');
    this.#status(this.#link?.is_ready ? sentence : word(this.#language, 'failed', sentence));
    const line = this.querySelector('.cv-status');
    if (!line || this.#link?.is_ready) return;
    const retry = document.createElement('button');
    retry.type = 'button';
    retry.className = 'cv-button';
    retry.dataset.act = 'retry';
    retry.textContent = word(this.#language, 'retry');
    line.append(' ', retry);
  }
}
