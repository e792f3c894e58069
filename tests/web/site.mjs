// What every test of the pages needs: the built site, served as a host would serve it, and a real browser.
// CVLAB_SITE_URL names a site that is served already; otherwise serve.py is started for the tests and ended with them.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const project = fileURLToPath(new URL('../..', import.meta.url));

/** The demos of the built site, in the course's order. */
export const { demos } = JSON.parse(readFileSync(`${project}build/site/demos.json`, 'utf8'));

const flags = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

// What a page looks like needs no GPU emulated for it (figures have theirs all the same): 40 % of the processor's time for a
// whole lesson. Not where figures are timed: their pictures would be read back on the way to the screen.
const painted_by_cpu = ['--disable-gpu-compositing', '--disable-gpu-rasterization'];

// A software GPU on a busy machine takes seconds for what takes a frame on a desk.
export const patience = 60_000;

const free_port = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

export async function open_site({ timed = false } = {}) {
  let url = process.env.CVLAB_SITE_URL;
  let server = null;
  if (!url) {
    const port = await free_port();
    url = `http://localhost:${port}`;
    server = spawn('python3', ['serve.py', '--no-build', '--port', String(port)], { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    server.stdout.on('data', (text) => (said += text));
    server.stderr.on('data', (text) => (said += text));
    const answers = () => fetch(url).then((response) => response.ok, () => false);
    for (let tries = 0; !(await answers()); tries++) {
      if (server.exitCode !== null || tries > 100) throw new Error(`serve.py did not start: ${said}`);
      await pause(100);
    }
  }
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: timed ? flags : [...flags, ...painted_by_cpu] });
  return new Site(url.replace(/\/$/, ''), server, browser);
}

export class Site {
  constructor(url, server, browser) {
    Object.assign(this, { url, server, browser });
  }

  async close() {
    await this.browser.close();
    this.server?.kill();
  }

  /**
   * A fresh page: nothing kept from others, errors and requests written down in page.errors and page.requests.
   * `worker`: with the service worker (left out otherwise, so that tests see what the server sends).
   */
  async page(path = null, { width = 1280, height = 900, theme = 'light', touch = false, worker = false, ...more } = {}) {
    const context = await this.browser.newContext({
      viewport: { width, height }, colorScheme: theme, hasTouch: touch, isMobile: touch && width < 700, reducedMotion: 'reduce',
      serviceWorkers: worker ? 'allow' : 'block', ...more
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    page.errors = [];
    page.requests = [];
    page.on('pageerror', (error) => page.errors.push(error.stack ?? String(error)));
    page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
    page.on('request', (request) => page.requests.push(request.url()));
    if (path !== null) await page.goto(this.url + path);
    return page;
  }
}

export const close_page = (page) => page.context().close();

/**
 * What the page asked for since then that could carry something away. Not the site's own scripts, which are fetched ahead
 * whenever the browser is idle, nor the tab's picture, which the browser fetches when it likes.
 */
export function sent(page, since) {
  const site = new URL(page.url()).origin;
  return page.requests.slice(since)
    .filter((url) => !/^(blob|data):/.test(url) && !url.startsWith(`${site}/assets/`) && url !== `${site}/icon.svg`);
}

/** Waits until the figure `selector` runs. */
export async function figure_ready(page, selector = 'cv-demo') {
  await page.locator(selector).first().scrollIntoViewIfNeeded();
  await page.waitForSelector(`${selector}[data-ready]`, { timeout: patience });
}

export const readouts = (page, selector = 'cv-demo') => page.evaluate((one) => document.querySelector(one).readouts(), selector);
export const set = (page, values, selector = 'cv-demo') =>
  page.evaluate(([one, params]) => document.querySelector(one).set(params), [selector, values]);

/** Waits until a read-out of the figure has a value that `is_right` accepts, and returns all of them. */
export async function until_readout(page, id, is_right, selector = 'cv-demo') {
  const end = Date.now() + patience;
  for (;;) {
    const values = await readouts(page, selector);
    if (values[id] !== null && is_right(values[id])) return values;
    if (Date.now() > end) throw new Error(`${id} stayed ${values[id]}`);
    await pause(50);
  }
}

/** Waits until the page has come to rest: its letters and pictures are there, nothing moves, no figure draws any more. */
export async function at_rest(page) {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));
    await document.fonts.ready;
    const finite = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
    await Promise.allSettled(finite.map((one) => one.finished));
    const seen = [...document.images].filter((image) => image.checkVisibility() && image.loading !== 'lazy');
    await Promise.allSettled(seen.map((image) => image.decode()));
    const drawn = () => [window, ...[...document.querySelectorAll('iframe')].map((one) => one.contentWindow)]
      .map((one) => one?.cvlab?.frames ?? 0).join();
    const end = performance.now() + 3000;  // a figure that works by itself never rests
    for (let before = ''; before !== drawn() && performance.now() < end;) {
      before = drawn();
      for (let i = 0; i < 3; i++) await frame();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
}

export const close_to = (value, tolerance = 1e-3) => (other) => Math.abs(other - value) <= tolerance;

// --- the frame page, where the figure stands alone ------------------------------------------------------------

export const frame_values = (page) => page.evaluate(() => window.cvlab.figure.readouts().values);
export const frame_state = (page) => page.evaluate(() => window.cvlab.figure.state());

/** Waits until the read-outs of the frame page's figure are as `is_right` wants them, and returns them. */
export async function until_values(page, is_right, limit = patience) {
  const end = Date.now() + limit;
  for (;;) {
    const values = await page.evaluate(() => window.cvlab?.figure?.running ? window.cvlab.figure.readouts().values : null);
    if (values && is_right(values)) return values;
    if (Date.now() > end) throw new Error(`it stayed at ${JSON.stringify(values)}`);
    await pause(50);
  }
}

/** The same for its state: { demo, params, playing }. */
export async function until_state(page, is_right) {
  for (const end = Date.now() + patience; Date.now() < end; await pause(50)) {
    const state = await frame_state(page);
    if (is_right(state)) return state;
  }
  throw new Error(`it stayed at ${JSON.stringify(await frame_state(page))}`);
}

/** From the next address on, window.long_tasks has how long each task of the main thread took that took over 50 ms. */
export const watch_tasks = (page) => page.addInitScript(() => {
  window.long_tasks = [];
  new PerformanceObserver((list) => window.long_tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration))))
    .observe({ type: 'longtask' });
});
