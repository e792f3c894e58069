// The frame page: one figure that fills it. Lessons and slides put it into a frame and speak by postMessage; opened by
// itself it is the figure with its panel, and its address follows the state.
// @ts-check

import { Entering } from './entering.js';
import { Figure, query_of, state_of } from './figure.js';
import { LoadError, choose_build, load_module } from './load_module.js';
import { Messages } from './messages.js';
import { words } from './words.js';

const query = new URLSearchParams(location.search);
const framed = window.parent !== window;
const root = document.documentElement;
/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);

const language = query.get('lang') === 'fr' ? 'fr' : 'en';
const word = words(language);
const dark_preferred = matchMedia('(prefers-color-scheme: dark)');
const motion_reduced = matchMedia('(prefers-reduced-motion: reduce)');
const theme = () => query.get('theme') ?? (dark_preferred.matches ? 'dark' : 'light');
const motion = () => query.get('motion') ?? (motion_reduced.matches ? 'reduced' : 'full');

root.lang = language;
root.classList.toggle('framed', framed);
root.classList.toggle('dark', theme() === 'dark');
element('loading-words').textContent = word('loading');
element('leave').setAttribute('aria-label', word('leave'));

const messages = new Messages(word);
const figure = new Figure({ language, word, file_input: element('file'), choose_file, tell: (message) => messages.tell(message), changed });
const canvas = /** @type {HTMLCanvasElement} */ (element('canvas'));

/** @param {string} sentence */
function fail(sentence) {
  element('loading').hidden = true;
  element('failure').hidden = false;
  element('failure').textContent = sentence;
  messages.tell({ type: 'error', sentence });
}

// --- following the figure ---------------------------------------------------------------------------------------------

// The lesson around us speaks the sentence itself; in slides and alone nobody else does.
function speaks() {
  try {
    return !framed || !window.parent.document;
  } catch {
    return true;  // another origin
  }
}
if (speaks()) element('sentence').setAttribute('aria-live', 'polite');

let sentence_timer = 0;
let address_timer = 0;

/** @param {Set<string>} what */
function changed(what) {
  if (what.has('readouts')) {
    clearTimeout(sentence_timer);
    sentence_timer = window.setTimeout(() => {
      if (figure.running) element('sentence').textContent = figure.readouts().sentence;
    }, 500);  // once things have come to rest
  }
  if (what.has('demo')) name_figure();
  // Browsers refuse more than a hundred changes of the address in half a minute.
  if (!framed && !address_timer) address_timer = window.setTimeout(follow_address, 350);
}

function name_figure() {
  canvas.setAttribute('aria-label', figure.title);
  document.title = figure.title;
}

function follow_address() {
  address_timer = 0;
  if (!figure.running) return;
  const { demo, text } = figure.state();
  const kept = ['lang', 'theme', 'panel', 'hide', 'module', 'motion'].map((name) => [name, query.get(name)]);
  history.replaceState(null, '', '?' + query_of({ demo, ...Object.fromEntries(kept) }) + (text && '&' + text));
}

// --- own files: pictures, weights -------------------------------------------------------------------------------------

/** @param {Blob | null | undefined} blob */
async function take_picture(blob) {
  if (!blob || !figure.running) return;
  try {
    await figure.pictures.own(blob);
  } catch (error) {
    figure.pictures.fail('own', 'not_a_picture');
    messages.tell({ type: 'error', sentence: /** @type {Error} */ (error).message });
  }
}

/** @param {DataTransfer | null} transfer */
const first_file = (transfer) => [...(transfer?.files ?? [])].find((file) => file.type.startsWith('image/')) ?? transfer?.files[0];

// Named by its ending; anything else may be a picture.
/** @param {File | undefined} file */
function take_file(file) {
  if (file?.name.endsWith('.safetensors')) void figure.files.own(file);
  else void take_picture(file);
}

// The input's list of endings, put back for the next one who asks for a picture.
/** @param {string} path  "own/weights.safetensors" */
function choose_file(path) {
  const input = element('file');
  const { accept } = input;
  input.accept = path.slice(path.lastIndexOf('.'));
  input.click();
  input.accept = accept;
}

element('file').addEventListener('change', () => {
  take_file(element('file').files[0]);
  element('file').value = '';  // the same file may be chosen again
});
addEventListener('paste', (event) => take_file(first_file(event.clipboardData)));
addEventListener('dragover', (event) => event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  take_file(first_file(event.dataTransfer));
});

// --- the surroundings -------------------------------------------------------------------------------------------------

canvas.addEventListener('webglcontextlost', (event) => {
  event.preventDefault();  // else it is never restored
  figure.context_lost();
});
canvas.addEventListener('webglcontextrestored', () => figure.context_restored());

if (!query.has('theme')) dark_preferred.addEventListener('change', () => figure.running && figure.options({ theme: theme() }));
if (!query.has('motion')) motion_reduced.addEventListener('change', () => figure.running && figure.options({ motion: motion() }));

// Moved to a screen of another density: SDL measures again on resize only.
(function watch_density() {
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
    dispatchEvent(new Event('resize'));
    watch_density();
  }, { once: true });
})();

document.addEventListener('fullscreenchange', () => document.fullscreenElement && figure.running && figure.entering.enter());

// --- start ------------------------------------------------------------------------------------------------------------

/** @param {number} done @param {number} total */
function show_progress(done, total) {
  const bar = element('progress');
  if (total) Object.assign(bar, { max: total, value: done });
}

async function start() {
  const build = choose_build(query.get('module'));
  const module = await load_module(build, {
    canvas,
    cvHost: figure.host(),
    onAbort: () => fail(word('stopped'))
  }, show_progress);
  figure.entering = new Entering(canvas, { framed, leave_button: element('leave'),
    changed: (entered) => messages.tell({ type: entered ? 'entered' : 'left' }) });
  const started = figure.start(module, {
    demo: query.get('demo') ?? '',
    state: state_of(location.search),
    options: query_of({ lang: language, theme: theme(), panel: query.get('panel') ?? (framed ? 0 : 1), motion: motion(),
      hide: query.get('hide') ?? undefined })
  });
  if (!started) throw new LoadError('no_webgl');
  element('loading').hidden = true;
  name_figure();
  messages.tell({ type: 'ready', demo: figure.state().demo, module: build, version: figure.version });
  messages.ready(figure);
}

start().catch((error) => {
  if (!(error instanceof LoadError)) console.error(error);
  fail(error instanceof LoadError ? word(error.key, error.detail) : word('stopped'));
});

// For tests and for the curious: how many frames were drawn.
Object.defineProperty(window, 'cvlab', { value: { get frames() { return figure.frames; }, figure } });
