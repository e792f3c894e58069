// What pages promise: readable before the module is there and without any script, found by the search, there offline.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { at_rest, close_page, figure_ready, open_site } from './site.mjs';

let site;
before(async () => { site = await open_site({ timed: true }); });
after(() => site.close());

describe('pages', () => {
  test('the frame page opens by itself', async () => {
    const page = await site.page('/embed/?demo=convolution&kernel=mean&image=box&cell=3,4');
    await page.waitForFunction(() => document.querySelector('canvas')?.width > 0);
    await at_rest(page);
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('an address that does not exist says so', async () => {
    const page = await site.page('/no-such-page');
    assert.match(await page.textContent('body'), /404/);
    await close_page(page);
  });

  test('a lesson reads without the module: text, formula, poster, controls, questions', async () => {
    const page = await site.page();
    await page.route(/\/module\//, (route) => route.abort());
    await page.goto(site.url + '/convolution');
    assert.match(await page.textContent('.vp-doc'), /The small table is the/);
    assert.ok(await page.locator('.katex').count() > 10);
    const figure = page.locator('cv-demo').first();
    assert.ok(await figure.locator('select').count() >= 2);
    assert.equal(await figure.locator('select').first().inputValue(), 'box');
    await page.waitForFunction(() => {
      const poster = document.querySelector('cv-demo .cv-light-only img');
      poster.scrollIntoView();
      return poster.complete && poster.naturalWidth > 0;
    });
    assert.equal(await page.locator('cv-check fieldset').count(), 4);
    await close_page(page);
  });

  test('without any script the text, the poster and the questions stand there', async () => {
    const page = await site.page('/fr/convolution', { javaScriptEnabled: false });
    assert.match(await page.textContent('.vp-doc'), /Le petit tableau est le/);
    assert.ok(await page.locator('cv-demo .cv-poster:visible').count() >= 3);
    assert.ok(await page.locator('cv-check legend:visible').count() >= 4);
    await close_page(page);
  });

  test('nothing moves when the figures wake up', async () => {
    const page = await site.page();
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value)))
        .observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(site.url + '/convolution');
    await figure_ready(page);
    assert.ok(await page.evaluate(() => window.shift) < 0.02, `layout shift ${await page.evaluate(() => window.shift)}`);
    await close_page(page);
  });

  test('the search finds the lesson by its words', async () => {
    const page = await site.page('/');
    await page.click('.VPNavBarSearch button');
    await page.fill('#localsearch-input', 'cross-correlation');
    await page.waitForSelector('#localsearch-list a[href*="convolution"]');
    await close_page(page);
  });

  test('the course map lists the chapters and demos of the catalogue and nothing else', async () => {
    const { chapters, demos } = await (await fetch(site.url + '/demos.json')).json();
    const page = await site.page('/');
    const titles = await page.locator('.course-map strong').allTextContents();
    assert.deepEqual(titles, demos.map((demo) => demo.title.en));
    const names = await page.locator('.course-chapter-title').allTextContents();
    assert.deepEqual(names, chapters.map((chapter) => chapter.title.en));
    const groups = await page.goto(`${site.url}/pixels`).then(() => page.locator('.VPSidebarItem.level-0 h2').allTextContents());
    assert.deepEqual(groups.slice(0, names.length), names);
    await close_page(page);
  });

  test('a page once read is there without the network', async () => {
    const page = await site.page('/convolution', { worker: true });
    await figure_ready(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();  // now through the worker, which keeps what it serves
    await figure_ready(page);
    await page.context().setOffline(true);
    await page.reload();
    await figure_ready(page);
    assert.match(await page.textContent('h1'), /Convolution/);
    await close_page(page);
  });
});
