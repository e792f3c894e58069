// The learner's own picture: pasted, dropped, filmed. It is computed in the page and goes nowhere.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { close_page, close_to, figure_ready, open_site, readouts, sent, until_readout } from './site.mjs';

let site;
before(async () => { site = await open_site(); });
after(() => site.close());

const frame_of = (page) => page.frames().find((frame) => frame.url().includes('/embed/'));

/** Gives the figure a 7 x 5 picture of one colour by an event of the browser's clipboard or drag and drop. */
const hand_over = (page, kind) => frame_of(page).evaluate(async (type) => {
  const canvas = new OffscreenCanvas(7, 5);
  const context = canvas.getContext('2d');
  context.fillStyle = 'rgb(10, 200, 30)';
  context.fillRect(0, 0, 7, 5);
  const transfer = new DataTransfer();
  transfer.items.add(new File([await canvas.convertToBlob({ type: 'image/png' })], 'mine.png', { type: 'image/png' }));
  const event = type === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
}, kind);

describe('a picture of one\'s own', () => {
  for (const kind of ['paste', 'drop']) {
    test(`by ${kind}: the numbers are those of the picture, and nothing is sent`, async () => {
      const page = await site.page('/pixels');
      await figure_ready(page);
      await until_readout(page, 'width', close_to(512));
      const before_it = page.requests.length;
      await hand_over(page, kind);
      const values = await until_readout(page, 'width', close_to(7));
      assert.deepEqual([values.height, values.red, values.green, values.blue], [5, 10, 200, 30]);
      assert.deepEqual(sent(page, before_it), []);
      assert.deepEqual(page.errors, []);
      await close_page(page);
    });
  }

  test('a file that is no picture gets a sentence, and the picture before it stays', async () => {
    const page = await site.page('/pixels');
    await figure_ready(page);
    await until_readout(page, 'width', close_to(512));
    await page.locator('cv-demo input[type=file]').first()
      .setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: Buffer.from('not a picture') });
    await page.getByText(/not a picture|could not be read/i).first().waitFor();
    assert.equal((await readouts(page)).width, 512);
    await close_page(page);
  });

  test('by camera, on and off', async () => {
    const page = await site.page('/pixels');
    await figure_ready(page);
    await until_readout(page, 'width', close_to(512));
    const before_it = page.requests.length;
    await page.locator('cv-demo').first().getByRole('button', { name: 'Camera' }).click();
    const values = await until_readout(page, 'width', (width) => width !== 512);
    assert.ok(values.width > 0 && values.width <= 640 && values.height > 0);
    assert.deepEqual(sent(page, before_it), []);
    await page.locator('cv-demo').first().getByRole('button', { name: 'Camera off' }).click();
    await page.locator('cv-demo').first().getByRole('button', { name: 'Camera', exact: true }).waitFor();
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('a camera that is refused gets a sentence', async () => {
    const page = await site.page();
    await page.addInitScript(() => {
      if (navigator.mediaDevices) {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
      }
    });
    await page.goto(site.url + '/pixels');
    await figure_ready(page);
    await page.locator('cv-demo').first().getByRole('button', { name: 'Camera' }).click();
    await page.getByText(/camera/i).filter({ hasText: /not allowed|refused|denied|permission/i }).first().waitFor();
    assert.equal((await readouts(page)).width, 512);
    await close_page(page);
  });
});
