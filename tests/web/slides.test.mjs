// The lecture's deck, driven as a presenter does, from another origin that sends no isolation headers.
import assert from 'node:assert/strict';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { close_page, open_site, project } from './site.mjs';

const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
let site;
let host;
let deck_url;

before(async () => {
  site = await open_site();
  host = createServer((request, response) => {
    const path = normalize(new URL(request.url, 'http://host').pathname);
    const file = join(project, 'build/site/dist/slides', path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    createReadStream(file).pipe(response);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => host.once('listening', resolve));
  deck_url = `http://127.0.0.1:${host.address().port}`;
});
after(async () => {
  host.close();
  await site.close();
});

const present = (slide) => `section.present ${slide ?? ''}`;

/** The deck on the slide whose figure's address begins so, once the figure answers. */
async function open_slide(begins, folder = '/') {
  const page = await site.page();
  const asked = `?figures=${encodeURIComponent(`${site.url}/`)}`;
  await page.goto(`${deck_url}${folder}${asked}`);
  await page.waitForSelector('.reveal.ready');
  const index = await page.evaluate((text) =>
    [...document.querySelectorAll('.slides > section')].findIndex((one) => one.querySelector('iframe')?.dataset.figure.startsWith(text)), begins);
  assert.ok(index > 0, `a slide with ${begins}`);
  await page.evaluate((slide) => (location.hash = `#/${slide}`), index);
  await page.waitForSelector(present(`iframe[data-figure^="${begins}"]`));
  await page.waitForSelector(present('iframe[data-ready]'));
  return page;
}

const readouts = (page) => page.evaluate(() => JSON.parse(document.querySelector('section.present iframe').dataset.readouts ?? '{}'));
async function until_readouts(page, wanted) {
  const reached = await page.waitForFunction((values) => {
    const said = JSON.parse(document.querySelector('section.present iframe').dataset.readouts ?? '{}');
    return Object.entries(values).every(([id, value]) => said[id] === value);
  }, wanted, { timeout: 20_000 }).catch(() => null);
  if (!reached) assert.deepEqual(await readouts(page), wanted);
}

describe('slides', () => {
  test('the next key walks the figure before it leaves the slide, the previous one walks it back', async () => {
    const page = await open_slide('demo=convolution&image=box');
    await until_readouts(page, { row: 1, column: 1 });
    await page.keyboard.press('ArrowRight');
    await until_readouts(page, { row: 1, column: 2 });
    await page.keyboard.press('ArrowRight');
    await until_readouts(page, { row: 1, column: 3 });
    await page.keyboard.press('ArrowLeft');
    await until_readouts(page, { row: 1, column: 2 });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await until_readouts(page, { row: 3, column: 4, value: 90 });
    assert.equal(await page.locator(present('iframe')).getAttribute('data-figure'), 'demo=convolution&image=box&kernel=mean&cell=1,1');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector(present('iframe[data-figure*="image=camera"]'));
    assert.deepEqual(page.errors, []);
    assert.ok(page.requests.some((url) => url.includes('/module/baseline/')), 'without isolation the baseline module runs');
    assert.ok(!page.requests.some((url) => url.includes('/module/turbo/')));
    await close_page(page);
  });

  for (const folder of ['/', '/fr/']) {
    test(`${folder} every figure of the deck comes up and takes every step without an error`, async () => {
      const page = await site.page(`/slides${folder}`);
      await page.waitForSelector('.reveal.ready');
      const slides = await page.locator('.slides > section').count();
      assert.ok(slides >= 10, `${slides} slides`);
      for (let keys = 0; keys < 120 && !(await page.evaluate(() => document.querySelector('.slides > section:last-child').classList.contains('present'))); keys++) {
        if (await page.locator(present('iframe')).count()) await page.waitForSelector(present('iframe[data-ready]'));
        await page.keyboard.press('ArrowRight');
      }
      assert.ok(await page.evaluate(() => document.querySelector('.slides > section:last-child').classList.contains('present')));
      const refused = await page.evaluate(() => document.documentElement.dataset.refused ?? '');
      assert.equal(refused, '', 'a figure refused what its slide set');
      assert.deepEqual(page.errors, []);
      await close_page(page);
    });
  }
});
