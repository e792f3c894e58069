// The learner's own picture: opened, pasted, dropped, filmed. It is computed in the page and goes nowhere; what is no
// picture gets a sentence and leaves the figure as it was.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { png, scene } from './picture_files.mjs';
import { close_page, close_to, demos, figure_ready, frame_state, frame_values, open_site, project, readouts, sent, until_readout, until_state,
  until_values } from './site.mjs';

let site;
before(async () => { site = await open_site(); });
after(() => site.close());

const frame_of = (page) => page.frames().find((frame) => frame.url().includes('/embed/'));

/** Gives a frame a file by an event of the browser's clipboard or drag and drop. */
const hand_over = (frame, kind, file) => frame.evaluate(([type, text]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], 'mine.png', { type: 'image/png' }));
  const options = { bubbles: true, cancelable: true };
  document.body.dispatchEvent(type === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, ...options })
    : new DragEvent('drop', { dataTransfer: transfer, ...options }));
}, [kind, file.toString('base64')]);

const open_file = (page, buffer, name = 'mine.png') =>
  page.locator('cv-demo input[type=file]').first().setInputFiles({ name, mimeType: name.endsWith('.jpg') ? 'image/jpeg' : 'image/png', buffer });

const plain = (width, height, pixel, options = {}) => png(width, height, options, () => Array(width).fill(pixel).flat());
const jpeg = readFileSync(`${project}tests/data/opencv/colour.jpg`);

const refused = {
  'a text named .png': Buffer.from('not a picture'), 'an empty file': Buffer.alloc(0), 'a PNG cut off': scene(200, 150).subarray(0, 900),
  'a JPEG cut off': jpeg.subarray(0, 300), 'an array of NumPy': readFileSync(`${project}tests/data/opencv/tiny.npy`)
};

// What the pixels demo says of them: width, height, and the pixel that it looks at.
const taken = {
  '1x1': [plain(1, 1, 9), [1, 1, 9, 9, 9]], 'one row': [plain(7, 1, 9), [7, 1, 9, 9, 9]], 'one column': [plain(1, 7, 9), [1, 7, 9, 9, 9]],
  '16 bits: the upper 8': [plain(3, 2, [200, 7], { depth: 16 }), [3, 2, 200, 200, 200]],
  'grey and alpha': [plain(4, 3, [200, 128], { colour: 4 }), [4, 3, 200, 200, 200]],
  'nearly transparent': [plain(5, 3, [201, 50, 3, 10], { colour: 6 }), [5, 3, 201, 50, 3]],
  transparent: [plain(6, 3, [40, 50, 60, 0], { colour: 6 }), [6, 3, 40, 50, 60]],
  'palette-like colours': [plain(8, 3, [1, 2, 3], { colour: 2 }), [8, 3, 1, 2, 3]],
  '20 megapixels: scaled down, as the page says': [png(5000, 4000, {}, () => Buffer.alloc(5000, 77)), [2048, 1638, 77, 77, 77]]
};

async function must_refuse(page, name, buffer) {
  const before = await readouts(page);
  await open_file(page, buffer);
  await page.locator('cv-demo .cv-status').first().filter({ hasText: /not a picture/ }).waitFor();
  assert.doesNotMatch(await page.locator('cv-demo .cv-status').first().textContent(), /did not start/);
  assert.deepEqual(await readouts(page), before, `${name}: the picture before it stays`);
}

describe('a picture of one\'s own', () => {
  test('pasted, dropped, filmed, in files of every kind: right numbers or a sentence, and nothing is sent', async () => {
    const page = await site.page('/pixels');
    await figure_ready(page);
    await until_readout(page, 'width', close_to(512));
    const since = page.requests.length;
    const camera = page.locator('cv-demo').first().getByRole('button', { name: 'Camera', exact: true });
    await camera.click();
    const filmed = await until_readout(page, 'width', (width) => width !== 512);
    assert.ok(filmed.width > 0 && filmed.width <= 640 && filmed.height > 0);
    await page.locator('cv-demo').first().getByRole('button', { name: 'Camera off' }).click();
    await camera.waitFor();
    for (const [kind, width] of [['paste', 11], ['drop', 12]]) {
      await hand_over(frame_of(page), kind, plain(width, 5, [10, 200, 30], { colour: 2 }));
      const { height, red, green, blue } = await until_readout(page, 'width', close_to(width));
      assert.deepEqual([height, red, green, blue], [5, 10, 200, 30]);
    }
    for (const [name, [buffer, expected]] of Object.entries(taken)) {
      await open_file(page, buffer);
      const numbers = ({ width, height, red, green, blue }) => [width, height, red, green, blue];
      await until_readout(page, 'width', (width) => width === expected[0]);
      const values = await until_readout(page, 'height', (height) => height === expected[1]);
      assert.deepEqual(numbers(values), expected, name);
    }
    for (const [name, buffer] of Object.entries(refused)) {
      await must_refuse(page, name, buffer);
      await open_file(page, plain(3, 3, 5));  // a right one takes the sentence away
      await page.locator('cv-demo .cv-status').first().waitFor({ state: 'hidden' });
      await until_readout(page, 'width', close_to(3));
    }
    await open_file(page, readFileSync(`${project}tests/data/degenerate/cmyk.jpg`), 'mine.jpg');  // 10 20 30 40 in printing colours
    const { red, green, blue } = await until_readout(page, 'width', close_to(2));
    for (const [value, ink] of [[red, 10], [green, 20], [blue, 30]]) assert.ok(Math.abs(value - (255 - ink) * 215 / 255) <= 8, `${red} ${green} ${blue}`);
    assert.deepEqual(sent(page, since), []);
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  for (const path of ['/filters', '/edges']) {
    test(`${path}: what is no picture gets a sentence, what hardly is one a result`, async () => {
      const page = await site.page(path);
      await figure_ready(page);
      const image = async () => (await page.evaluate(() => document.querySelector('cv-demo').get())).params.image;
      for (const [name, buffer] of Object.entries(refused)) await must_refuse(page, name, buffer);
      for (const buffer of [plain(1, 1, 9), plain(7, 1, 9), taken['grey and alpha'][0], taken['20 megapixels: scaled down, as the page says'][0]]) {
        await open_file(page, buffer);
        await page.waitForFunction(() => document.querySelector('cv-demo .cv-status').hidden);
        assert.equal(await image(), 'own');
        assert.ok(Object.values(await readouts(page)).some((value) => typeof value === 'number'));
        await must_refuse(page, 'a text after it', refused['a text named .png']);
      }
      assert.deepEqual(page.errors, []);
      await close_page(page);
    });
  }

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

describe('camera, file and paste in every demo of pictures', () => {
  const picture_of = (demo) => demo.params.find(({ type, choices }) => type === 'picture' && choices.some(({ id }) => id === 'own'));
  const of_pictures = demos.slice(0, demos.findIndex(({ id }) => id === 'neuron')).filter(picture_of);
  let page;
  before(async () => { page = await site.page(null, { width: 480, height: 420, reducedMotion: 'no-preference' }); });
  after(() => close_page(page));

  const frames = () => page.evaluate(() => window.cvlab.frames);
  const drawn_since = (count) => page.waitForFunction((before) => window.cvlab.frames > before, count);
  const has_numbers = (values) => Object.values(values).some((value) => typeof value === 'number');

  for (const demo of of_pictures) {
    test(demo.id, async () => {
      const films = demo.id === 'frame-averaging';  // averages the camera's frames as they come, or makes noisy ones of a picture
      await page.goto(`${site.url}/embed/?demo=${demo.id}&panel=0${films ? '&source=camera' : ''}`);
      await until_values(page, has_numbers);
      const since = page.requests.length;
      await page.evaluate(() => window.cvlab.figure.camera(true));
      await until_state(page, ({ params }) => params[picture_of(demo).id] === 'own');
      await until_values(page, has_numbers);
      await drawn_since(await frames() + 1);  // one frame after another
      await page.evaluate(() => window.cvlab.figure.camera(false));
      if (films) await page.evaluate(() => window.cvlab.figure.set('source', 'made'));
      const looks = [];
      for (const hand of [() => page.locator('#file').setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: scene(320, 240) }),
        () => hand_over(page.mainFrame(), 'paste', scene(180, 200, 90))]) {
        const count = await frames();
        await hand();
        await drawn_since(count);
        await until_values(page, has_numbers);
        looks.push(JSON.stringify(await frame_values(page)) + (await page.screenshot()).toString('base64'));
      }
      assert.ok(looks[0] !== looks[1], 'the picture changes');
      assert.equal((await frame_state(page)).params[picture_of(demo).id], 'own');
      assert.deepEqual(sent(page, since), []);
      assert.deepEqual(page.errors.splice(0), []);
    });
  }
});
