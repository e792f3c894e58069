// The network opened up: trained in the page, its weights saved as a file and opened again, exported, refused.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { close_page, frame_state, frame_values, open_site, patience, sent, until_state, until_values, watch_tasks } from './site.mjs';

let site;
before(async () => { site = await open_site({ timed: true }); });
after(() => site.close());

// Where the buttons stand on a figure of this size; `save` where the network is not the course's, which has one button more.
const size = { width: 1000, height: 800 };
const buttons = { open: [348, 491], save: [381, 491], onnx: [607, 491] };

async function figure(query) {
  const page = await site.page(null, size);
  await watch_tasks(page);
  await page.goto(`${site.url}/embed/?demo=cnn&panel=0&below=training&${query}`);
  await until_values(page, ({ accuracy }) => accuracy !== null);
  return page;
}

const sentence = (page) => page.evaluate(() => window.cvlab.figure.readouts().sentence);

async function download(page, button) {
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: patience }), page.mouse.click(...buttons[button])]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

const header_of = (bytes) => JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString('utf8'));
const weights = (buffer) => ({ name: 'mine.safetensors', mimeType: 'application/octet-stream', buffer });

describe('files of weights', () => {
  test('saved, opened by the picker, dropped: the same network, and nothing is sent', async () => {
    const page = await figure('start=random&steps=3&layers=conv4:5:2,relu,dense12&layer=conv1&seed=7');
    const trained = await frame_values(page);
    assert.equal(trained.step, 3);
    const { name, bytes } = await download(page, 'save');
    assert.equal(name, 'cnn.safetensors');
    const header = header_of(bytes);
    assert.equal(header.__metadata__.layers, 'conv4:5:2,relu,dense12');
    assert.deepEqual(header['conv1.weight'].shape, [4, 1, 5, 5]);
    assert.deepEqual(header['fc1.weight'].shape, [12, 4 * 12 * 12]);
    await close_page(page);

    const other = await figure('layer=conv1');
    const before_it = other.requests.length;
    const [chooser] = await Promise.all([other.waitForEvent('filechooser', { timeout: patience }), other.mouse.click(...buttons.open)]);
    await chooser.setFiles(weights(bytes));
    const { params } = await until_state(other, (state) => state.params.start === 'file');
    assert.equal(params.layers, 'conv4:5:2,relu,dense12');
    const opened = await until_values(other, ({ accuracy }) => accuracy === trained.accuracy);
    for (const one of ['prediction', 'probability', 'value', 'parameters']) assert.equal(opened[one], trained[one], one);
    assert.match(await sentence(other), /Opened: 7158 weights/);  // 4*26 + 12*577 + 10*13
    assert.deepEqual(sent(other, before_it), []);
    assert.deepEqual(other.errors, []);
    await close_page(other);
  });

  test('what is no file of weights gets a sentence, and the network stays', async () => {
    const page = await figure('');
    const before_it = await frame_values(page);
    await page.locator('#file').setInputFiles(weights(Buffer.from('not weights at all')));
    await page.waitForFunction(() => /safetensors|weights file/.test(window.cvlab.figure.readouts().sentence), null, { timeout: patience });
    assert.equal((await frame_state(page)).params.start, 'trained');
    assert.deepEqual(await frame_values(page), before_it);
    await close_page(page);
  });

  test('exported as ONNX', async () => {
    const page = await figure('');
    const { name, bytes } = await download(page, 'onnx');
    assert.equal(name, 'cnn.onnx');
    assert.ok(bytes.length > 4 * 5258 && bytes.includes('conv2.weight'), `${bytes.length} bytes`);
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });
});

describe('training the network that is shown', () => {
  // A machine that others use stalls a page now and then, which is no task of ours; a task of ours is there every time.
  const attempts = 3;

  async function run_once() {
    const page = await figure('module=baseline&start=random&epochs=1');
    const untrained = await frame_values(page);
    await page.evaluate(() => window.cvlab.figure.play(true));
    await until_values(page, ({ step }) => step >= 1);
    await page.evaluate(() => { window.long_tasks.length = 0; });  // the training digits, unpacked at the first Play, are loading
    await until_values(page, ({ step }) => step >= 100);
    const tasks = await page.evaluate(() => window.long_tasks);
    const { step } = await until_values(page, ({ accuracy, epoch }) => epoch === 1 && accuracy !== null && accuracy >= 90);
    assert.equal(step, 282);
    assert.equal((await frame_state(page)).playing, false);
    await page.evaluate(() => window.cvlab.figure.set('epoch', '0'));
    await until_values(page, ({ accuracy }) => accuracy === untrained.accuracy);
    assert.equal((await frame_values(page)).value, untrained.value);
    await pause(1000);
    const frames = await page.evaluate(() => window.cvlab.frames);
    await pause(700);
    assert.equal(await page.evaluate(() => window.cvlab.frames), frames, 'a figure at rest draws nothing');
    assert.deepEqual(page.errors, []);
    await close_page(page);
    return tasks;
  }

  test('Play teaches it, epoch 0 forgets it, no task over 50 ms', async (context) => {
    const runs = [];
    while (runs.length < attempts && !runs.some((tasks) => tasks.length === 0)) runs.push(await run_once());
    context.diagnostic(`long tasks: ${JSON.stringify(runs)}`);
    assert.ok(runs.some((tasks) => tasks.length === 0), JSON.stringify(runs));
  });
});
