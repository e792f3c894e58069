// Everybody can use it: axe on every page in both themes, 360 px without sideways scrolling, targets for fingers; and the
// pictures to look at, in build/screenshots/.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { close_page, figure_ready, open_site, project } from './site.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const pages = ['/', '/fr/', '/pixels', '/fr/pixels', '/convolution', '/fr/convolution', '/train-cnn', '/fr/train-cnn', '/embed-guide', '/fr/embed-guide', '/credits',
  '/fr/credits', '/embed/?demo=convolution&panel=0', '/no-such-page'];

let site;
before(async () => { site = await open_site(); });
after(() => site.close());

async function settle(page) {
  if (await page.locator('cv-demo').count()) await figure_ready(page);
  await page.evaluate(() => document.fonts.ready);
  await pause(700);  // the last picture, the last transition
}

describe('axe finds nothing serious', () => {
  for (const path of pages) {
    for (const theme of ['light', 'dark']) {
      test(`${path} ${theme}`, async () => {
        const page = await site.page(path, { theme, bypassCSP: true });
        await settle(page);
        await page.addScriptTag({ path: axe });
        const { violations } = await page.evaluate(() => window.axe.run(document, { iframes: false }));
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join('\n    ')}`);
        assert.equal(serious.join('\n'), '');
        await close_page(page);
      });
    }
  }
});

describe('360 px', () => {
  for (const path of pages) {
    test(`${path} does not scroll sideways`, async () => {
      const page = await site.page(path, { width: 360, height: 740, touch: true });
      await settle(page);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 360);
      await close_page(page);
    });
  }

  test('targets are at least 44 px in figure and questions', async () => {
    const page = await site.page('/convolution?kernel=own', { width: 360, height: 740, touch: true });
    await settle(page);
    await page.evaluate(() => document.querySelectorAll('cv-demo details').forEach((details) => (details.open = true)));
    const small = await page.evaluate(() => {
      const inside = 'cv-demo :is(button, input, select, summary), cv-check :is(button, input), cv-result :is(button, input)';
      // Switches and segments are pressed on the label around the input.
      return [...document.querySelectorAll(inside)].filter((element) => element.checkVisibility() && !element.matches('.cv-hidden'))
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width < 43.5 || box.height < 43.5)
        .map(({ element, box }) => `${element.outerHTML.slice(0, 120)} ${box.width} x ${box.height}`);
    });
    assert.deepEqual(small, []);
    await close_page(page);
  });
});

describe('pictures to look at', () => {
  const folder = `${project}build/screenshots`;
  const shots = pages.flatMap((path) => [[path, 1280, 'light'], [path, 1280, 'dark'], [path, 360, 'light']]);
  for (const [path, width, theme] of [...shots, ['/convolution', 1920, 'light'], ['/', 1920, 'light']]) {
    const name = (path.replace(/^\/|\/$/g, '').replace(/[^a-z-]+/g, '-') || 'home') + `-${width}-${theme}`;
    test(name, async () => {
      mkdirSync(folder, { recursive: true });
      const page = await site.page(path, { width, height: width < 700 ? 740 : 900, theme, touch: width < 700 });
      await settle(page);
      if (!path.startsWith('/embed/')) {
        // A window as tall as the page: every figure wakes up, as for a reader who has been everywhere.
        await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
        await page.waitForFunction(() => [...document.querySelectorAll('cv-demo')].every((demo) => demo.hasAttribute('data-ready')));
        await pause(1500);
      }
      await page.screenshot({ path: `${folder}/${name}.png` });
      await close_page(page);
    });
  }
});
