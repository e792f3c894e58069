// The figure in a lesson: controls by keyboard and by touch, state in the address, the element's API, wheel, rest, memory.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { close_page, close_to, figure_ready, open_site, readouts, set, until_readout } from './site.mjs';

let site;
before(async () => { site = await open_site({ timed: true }); });
after(() => site.close());

const shown = (page, id) => page.locator(`cv-demo [data-readout="${id}"] td`).first();
const frames = (page, index = 0) => page.frames().filter((frame) => frame.url().includes('/embed/'))[index];

describe('controls', () => {
  test('by keyboard: another kernel, and the read-outs follow', async () => {
    const page = await site.page('/convolution?cell=3,4');
    await figure_ready(page);
    await until_readout(page, 'value', close_to(90));
    await page.getByLabel('Kernel', { exact: true }).first().focus();
    await page.keyboard.press('ArrowDown');  // mean -> identity, whose weights are whole numbers
    const values = await until_readout(page, 'kernel_sum', (sum) => sum === 1);
    assert.equal(values.value, 90);
    await page.keyboard.type('Sob');
    const sobel = await until_readout(page, 'kernel_sum', close_to(0));
    assert.equal(sobel.value, 0);  // an even window has no edge
    assert.equal(await shown(page, 'kernel_sum').textContent(), '0');
    await close_page(page);
  });

  test('by keyboard: the kernel grows row by row', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    await page.getByLabel('Kernel rows', { exact: true }).first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const values = await until_readout(page, 'products', close_to(15));
    assert.equal(values.output_height, 6);
    assert.equal(values.output_width, 8);
    await close_page(page);
  });

  test('by touch: zero padding keeps the size of the picture', async () => {
    const page = await site.page('/convolution?cell=3,4', { width: 390, height: 844, touch: true });
    await figure_ready(page);
    const value = await until_readout(page, 'value', close_to(90));
    assert.equal(value.output_height, 8);
    await page.locator('cv-demo').first().locator('.cv-segment', { hasText: 'Zero' }).tap();
    const values = await until_readout(page, 'output_height', close_to(10));
    assert.ok(close_to(40)(values.value), `O(3,4) of the padded picture is ${values.value}`);
    await close_page(page);
  });

  test('a matrix is a grid of fields; a cell typed in counts at once', async () => {
    const page = await site.page('/convolution?kernel=own&weights=0+0+0;0+1+0;0+0+0&cell=3,4');
    await figure_ready(page);
    await until_readout(page, 'value', close_to(90));
    const figure = page.locator('cv-demo').first();
    assert.equal(await figure.locator('[data-entry]').count(), 9);
    await figure.locator('[data-entry="1,1"]').fill('1/9');
    await until_readout(page, 'value', close_to(10));
    await figure.locator('[data-entry="1,1"]').press('ArrowUp');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.entry), '0,1');
    await close_page(page);
  });

  test('controls show only while they mean something', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    const sigma = page.locator('cv-demo').first().locator('[data-param="sigma"]');
    assert.equal(await sigma.isVisible(), false);
    await page.locator('cv-demo').first().locator('select').nth(1).selectOption('gaussian');
    await sigma.waitFor({ state: 'visible' });
    await close_page(page);
  });

  test('a refused value says why, beside its control', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    const sentence = await set(page, { rows: '99' }).then(() => '', (error) => error.message);
    assert.match(sentence, /15/);
    assert.equal((await readouts(page)).products, 9);
    await close_page(page);
  });

  test('French page, French figure, decimal comma', async () => {
    const page = await site.page('/fr/convolution?image=numbered&padding=zero&cell=1,1');
    await figure_ready(page);
    await until_readout(page, 'value', close_to(66 / 9));
    assert.equal(await shown(page, 'value').textContent(), '7,33333');
    assert.ok(await page.getByLabel('Noyau', { exact: true }).first().isVisible());
    await close_page(page);
  });

  test('play walks, pause stops, step goes one cell on', async () => {
    const page = await site.page('/convolution?cell=1,1', { reducedMotion: 'no-preference' });
    await figure_ready(page);
    await page.getByRole('button', { name: 'One step on' }).first().click();
    await until_readout(page, 'column', close_to(2));
    await page.getByRole('button', { name: 'Play' }).first().click();
    await until_readout(page, 'column', (column) => column >= 4);
    await page.getByRole('button', { name: 'Pause' }).first().click();
    await page.getByRole('button', { name: 'Play' }).first().waitFor();
    const { row, column } = await readouts(page);
    await pause(1200);
    const later = await readouts(page);
    assert.deepEqual([later.row, later.column], [row, column]);
    await close_page(page);
  });

  test('a picture of one\'s own is opened in the page and computed', async () => {
    const page = await site.page('/pixels');
    await figure_ready(page);
    const photo = Buffer.from(await (await fetch(site.url + '/photos/coins.png')).arrayBuffer());
    await page.locator('cv-demo input[type=file]').first().setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: photo });
    const values = await until_readout(page, 'width', close_to(384));
    assert.equal(values.height, 303);
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });
});

describe('state', () => {
  test('the address sets controls and figure', async () => {
    const page = await site.page('/convolution?kernel=sobel-x&image=box&cell=2,2&padding=replicate');
    await figure_ready(page);
    const { params } = await page.evaluate(() => document.querySelector('cv-demo').get());
    assert.equal(params.kernel, 'sobel-x');
    assert.equal(params.cell, '2,2');
    assert.equal(await page.locator('cv-demo').first().locator('select').nth(1).inputValue(), 'sobel-x');
    await close_page(page);
  });

  test('"Copy link" gives an address that restores the state, for any figure of the page', async () => {
    const page = await site.page('/convolution', { permissions: ['clipboard-read', 'clipboard-write'] });
    await figure_ready(page, '#border');
    await set(page, { kernel: 'gaussian', sigma: 1.5, stride: 2 }, '#border');
    await page.locator('#border [data-act="copy-link"]').click();
    await page.waitForFunction(() => navigator.clipboard.readText().then((text) => text.includes('sigma=1.5')));
    const link = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(link, /\/convolution\?.*kernel=gaussian.*#border$/);
    const other = await site.page();
    await other.goto(link);
    await figure_ready(other, '#border');
    const { params } = await other.evaluate(() => document.querySelector('#border').get());
    assert.deepEqual([params.kernel, params.sigma, params.stride, params.image], ['gaussian', '1.5', '2', 'numbered']);
    const main = await other.evaluate(() => document.querySelector('cv-demo').get());
    assert.equal(main.params.kernel, 'mean');
    await close_page(page);
    await close_page(other);
  });

  test('reset brings back what the lesson shows', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    await set(page, { kernel: 'emboss', cell: '5,5' });
    await page.getByRole('button', { name: 'Reset' }).first().click();
    await until_readout(page, 'row', close_to(2));
    const { params } = await page.evaluate(() => document.querySelector('cv-demo').get());
    assert.deepEqual([params.kernel, params.cell], ['mean', '2,3']);
    await close_page(page);
  });

  test('set, get, readouts and the event tell the same numbers', async () => {
    const page = await site.page('/convolution');
    const seen = await page.evaluate(async () => {
      const figure = document.querySelector('cv-demo');
      await customElements.whenDefined('cv-demo');
      const events = [];
      figure.addEventListener('readouts', (event) => events.push(event.detail));
      await figure.set({ kernel: 'mean', image: 'box', cell: '3,4' });
      await figure.set({ padding: 'zero' });
      for (let tries = 0; tries < 400 && events.at(-1)?.output_height !== 10; tries++) await new Promise((resolve) => setTimeout(resolve, 25));
      return { state: await figure.get(), values: await figure.readouts(), last: events.at(-1) };
    });
    assert.equal(seen.state.params.padding, 'zero');
    assert.equal(seen.values.output_height, 10);
    assert.deepEqual(seen.last, seen.values);
    await close_page(page);
  });

  test('the golden table of the course, cell by cell', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    const rows = await page.evaluate(async () => {
      const figure = document.querySelector('cv-demo');
      const table = [];
      for (const row of [1, 8]) {
        const line = [];
        for (let column = 1; column <= 8; column++) {
          await figure.set({ image: 'box', kernel: 'mean', padding: 'valid', cell: `${row},${column}` });
          line.push(Math.round((await figure.readouts()).value));
        }
        table.push(line);
      }
      return table;
    });
    assert.deepEqual(rows, [[0, 10, 20, 30, 30, 30, 20, 10], [10, 10, 10, 0, 0, 0, 0, 0]]);
    await close_page(page);
  });

  test('light and dark reach the figure', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    const bright = async () => {
      const picture = await page.locator('cv-demo .cv-stage').first().screenshot();
      return page.evaluate(async (data) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(4, bitmap.height - 6, 1, 1).data[0];
      }, picture.toString('base64'));
    };
    assert.ok(await bright() > 200);
    await page.locator('.VPSwitchAppearance').first().click();
    await pause(1000);
    assert.ok(await bright() < 60);
    await close_page(page);
  });
});

describe('manners', () => {
  test('the wheel scrolls the page until the figure was entered; Escape gives it back', async () => {
    const page = await site.page('/pixels');
    await figure_ready(page);
    const stage = page.locator('cv-demo .cv-stage').first();
    await stage.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    const box = await stage.boundingBox();
    const wheel = async () => {
      const from = await page.evaluate(() => scrollY);
      await page.mouse.move(box.x + box.width / 3, box.y + box.height / 2);
      await page.mouse.wheel(0, 60);
      await pause(400);
      const moved = await page.evaluate((before) => scrollY - before, from);
      await page.evaluate((before) => scrollTo(0, before), from);
      return moved;
    };
    assert.ok(await wheel() > 0, 'before entering, the page scrolls');
    await page.mouse.click(box.x + box.width / 3, box.y + box.height / 2);
    await page.waitForSelector('cv-demo[data-entered]');
    assert.equal(await wheel(), 0, 'after entering, the figure has the wheel');
    await page.keyboard.press('Escape');
    await page.waitForSelector('cv-demo:not([data-entered])');
    assert.ok(await wheel() > 0, 'after Escape, the page scrolls again');
    await close_page(page);
  });

  test('a page at rest draws nothing', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    await page.mouse.move(2, 2);
    await pause(1500);
    const drawn = () => frames(page).evaluate(() => window.cvlab.frames);
    const before = await drawn();
    await pause(2000);
    assert.equal(await drawn(), before);
    await close_page(page);
  });

  test('a figure far away is taken out, and comes back in the state it had', async () => {
    const page = await site.page('/convolution', { height: 500 });
    await figure_ready(page);
    await set(page, { kernel: 'sobel-y' });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await page.waitForFunction(() => !document.querySelector('cv-demo iframe'));
    await page.evaluate(() => scrollTo(0, 0));
    await figure_ready(page);
    const { params } = await page.evaluate(() => document.querySelector('cv-demo').get());
    assert.equal(params.kernel, 'sobel-y');
    await close_page(page);
  });

  test('twenty times open and closed leaves nothing behind', async () => {
    const page = await site.page('/credits');
    const session = await page.context().newCDPSession(page);
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    };
    const open_and_close = () => page.evaluate(async () => {
      const figure = document.createElement('cv-demo');
      figure.setAttribute('name', 'convolution');
      document.querySelector('.vp-doc').prepend(figure);
      await figure.readouts();
      figure.remove();
    });
    await page.evaluate(() => customElements.whenDefined('cv-demo'));
    for (let i = 0; i < 3; i++) await open_and_close();  // chunks, caches and pools are filled once
    const before = await heap();
    for (let i = 0; i < 20; i++) await open_and_close();
    await pause(500);
    assert.equal(await page.locator('iframe').count(), 0);
    assert.equal(page.frames().length, 1);
    const grown = (await heap()) - before;
    assert.ok(grown < 1_500_000, `the heap grew by ${grown} bytes`);
    await close_page(page);
  });
});
