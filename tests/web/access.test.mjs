// Every page in every width, theme and language it has: it opens without an error or a stranger, in its language, axe finds
// nothing serious, 360 px suffice; and its picture to look at lies in build/screenshots/. One visit answers all of it.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { at_rest, close_page, demos, figure_ready, open_site, project } from './site.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = `${project}build/screenshots`;
const lessons = ['/', ...demos.map(({ id }) => `/${id}`), '/gallery', '/embed-guide', '/credits'];
const wide = [1280, 900], phone = [360, 740];

// Every page: English, wide, light, with every figure awake; French (its words are longer) on a phone, dark. Some all the ways there are.
const samples = ['/', '/convolution', '/gallery', '/embed/?demo=convolution&panel=0', '/no-such-page'];
const visits = [
  ...lessons.flatMap((path) => [[path, wide, 'light'], [`/fr${path}`, phone, 'dark']]),
  ...samples.flatMap((path) => [[path, wide, 'dark'], [path, phone, 'light']]), ['/fr/convolution', wide, 'dark'],
  ['/convolution', [1920, 1000], 'light'], ['/', [1920, 1000], 'light']
];

let site;
before(async () => {
  mkdirSync(screenshots, { recursive: true });
  site = await open_site();
});
after(() => site.close());

async function settle(page) {
  if (await page.locator('cv-demo').count()) await figure_ready(page);
  await at_rest(page);
}

async function serious_violations(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { iframes: false, resultTypes: ['violations'] }));
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join('\n    ')}`);
}

/** A window as tall as the page: every figure wakes up, as for a reader who has been everywhere. */
async function whole_page(page, width) {
  await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.waitForFunction(() => [...document.querySelectorAll('cv-demo')].every((demo) => demo.hasAttribute('data-ready')));
  await at_rest(page);
}

// Three at a time: much of a visit is waiting for pictures and transitions.
describe('pages', { concurrency: 3 }, () => {
  for (const [path, [width, height], theme] of visits) {
    const name = (path.replace(/^\/|\/$/g, '').replace(/[^a-z-]+/g, '-') || 'home') + `-${width}-${theme}`;
    test(name, async (about) => {
      const page = await site.page(path, { width, height, theme, touch: width < 700 });
      await settle(page);
      await about.test('fits its width', async () => {
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width);
      });
      await about.test('axe finds nothing serious', async () => assert.equal((await serious_violations(page)).join('\n'), ''));
      if (lessons.includes(path) && theme === 'light') await whole_page(page, width);
      else if (await page.locator('cv-demo').count()) await page.locator('cv-demo').first().evaluate((figure) => figure.scrollIntoView());
      await page.screenshot({ path: `${screenshots}/${name}.png` });
      await about.test('in its language, without an error or a foreign request', async () => {
        assert.equal(await page.getAttribute('html', 'lang'), path.startsWith('/fr/') ? 'fr' : 'en');
        if (!path.startsWith('/embed/')) assert.ok((await page.textContent('h1')).trim().length > 2);
        if (path !== '/no-such-page') assert.deepEqual(page.errors, []);
        assert.deepEqual(page.requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url)), []);
      });
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
