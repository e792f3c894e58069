// Training in the page: fast enough, never in the way, paused when paused, the same again for the same seed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { close_page, figure_ready, frame_values, open_site, patience, readouts, set, until_readout, until_values, watch_tasks } from './site.mjs';

let site;
before(async () => { site = await open_site({ timed: true }); });
after(() => site.close());

/** The figure alone on its page, its pictures loaded; tasks of the main thread that take over 50 ms are written down. */
async function figure_page(query) {
  const page = await site.page(null, { width: 1000, height: 800 });
  await watch_tasks(page);
  await page.goto(`${site.url}/embed/?demo=train-cnn&panel=0&${query}`);
  await until_values(page, ({ test_accuracy }) => test_accuracy !== null);
  return page;
}

const play = (page, on) => page.evaluate((wanted) => window.cvlab.figure.play(wanted).playing, on);
const playing = (page) => page.evaluate(() => window.cvlab.figure.state().playing);

describe('training', () => {
  // A machine that others use stalls a page now and then, which is no task of ours; a task of ours is there every time.
  const attempts = 3;

  // One run to 97 %, or to the end: when it got there, and the tasks over 50 ms on the way.
  async function run_once(context, module, whole) {
    const page = await figure_page(`module=${module}`);
    const untrained = await frame_values(page);
    assert.ok(untrained.test_accuracy < 40, `untrained: ${untrained.test_accuracy} %`);
    await pause(500);
    await page.evaluate(() => { window.long_tasks.length = 0; });  // loading is not training
    const start = Date.now();
    assert.equal(await play(page, true), true);
    const values = await until_values(page, ({ test_accuracy }) => test_accuracy >= 97);
    const seconds = (Date.now() - start) / 1000;
    while (whole && await playing(page)) await pause(50);
    const tasks = await page.evaluate(() => window.long_tasks);
    const end = await frame_values(page);
    context.diagnostic(`${module}: 97 % after ${seconds.toFixed(1)} s (epoch ${values.epoch}); then ${end.test_accuracy} %, ` +
      `${Math.round(end.images_per_second)} pictures/s; long tasks: ${JSON.stringify(tasks)}`);
    if (whole) assert.equal(end.step, 8 * end.steps_per_epoch);
    assert.deepEqual(page.errors, []);
    await close_page(page);
    return { seconds, tasks };
  }

  async function some_run(context, module, whole, is_good) {
    const runs = [];
    while (runs.length < attempts && !runs.some(is_good)) runs.push(await run_once(context, module, whole));
    assert.ok(runs.some(is_good), JSON.stringify(runs));
  }

  test('one thread, no relaxed SIMD: 97 % of the digits within 20 s, and no task over 50 ms', async (context) => {
    await some_run(context, 'baseline', true, ({ seconds, tasks }) => seconds <= 20 && tasks.length === 0);
  });

  test('with threads it trains behind the picture, as well', async (context) => {
    await some_run(context, 'turbo', false, ({ tasks }) => tasks.length === 0);
  });

  for (const module of ['baseline', 'turbo']) {
    test(`pause stops it, and a page at rest draws nothing (${module})`, async () => {
      const page = await figure_page(`module=${module}&epochs=20`);
      await play(page, true);
      await until_values(page, ({ step }) => step >= 20);
      await play(page, false);
      await pause(1500);  // a test result that was under way, and ImGui settles
      const { step } = await frame_values(page);
      const frames = await page.evaluate(() => window.cvlab.frames);
      await pause(1000);
      assert.equal((await frame_values(page)).step, step);
      assert.equal(await page.evaluate(() => window.cvlab.frames), frames);
      assert.equal(await page.evaluate(() => window.cvlab.figure.state().params.steps), String(step));
      await close_page(page);
    });
  }

  test('the same seed trains the same network, in both builds', async () => {
    const losses = async (module) => {
      const page = await figure_page(`module=${module}&steps=20`);
      const first = await until_values(page, ({ step }) => step === 20);
      const run = async (seed) => {
        await page.evaluate((value) => window.cvlab.figure.set('seed', value), seed);
        await until_values(page, ({ step }) => step === 0);
        await page.evaluate(() => window.cvlab.figure.set('steps', '20'));
        return (await until_values(page, ({ step }) => step === 20)).loss;
      };
      const other = await run('2');
      const again = await run('1');
      await close_page(page);
      assert.equal(again, first.loss);
      assert.notEqual(other, first.loss);
      return again;
    };
    const baseline = await losses('baseline');
    const turbo = await losses('turbo');
    assert.ok(Math.abs(turbo / baseline - 1) < 1e-3, `${baseline} and ${turbo}`);
  });
});

describe('in the lesson', () => {
  test('play, pause and back in time by the controls', async () => {
    const page = await site.page('/train-cnn');
    await figure_ready(page, '#digits');
    const before = await until_readout(page, 'test_accuracy', (accuracy) => accuracy > 0, '#digits');
    const figure = page.locator('#digits');
    assert.equal(await figure.locator('[data-speed]').count(), 0);  // it works at its own speed
    await figure.getByRole('button', { name: 'Play' }).click();
    await until_readout(page, 'epoch', (epoch) => epoch >= 1, '#digits');
    await until_readout(page, 'test_accuracy', (accuracy) => accuracy > 60, '#digits');
    await figure.getByRole('button', { name: 'Pause' }).click();
    await figure.getByRole('button', { name: 'Play' }).waitFor();
    await set(page, { epoch: 0 }, '#digits');
    const back = await until_readout(page, 'test_accuracy', (accuracy) => accuracy === before.test_accuracy, '#digits');
    assert.equal(back.epoch, 0);
    assert.ok((await readouts(page, '#digits')).step > 0);  // what was trained is still there
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('the questions: the core knows the right answers, and why others are wrong', async () => {
    const page = await site.page('/train-cnn');
    await figure_ready(page, '#digits');
    const answer = async (id, ...values) => {
      const check = page.locator(`#${id}`);
      for (const [index, value] of values.entries()) await check.locator('[data-answer]').nth(index).fill(value);
      await check.getByRole('button', { name: 'Check' }).click();
      await page.waitForFunction((one) => ['right', 'wrong'].includes(document.querySelector(`#${one} .cv-result`)?.dataset.how), id, { timeout: patience });
      const result = check.locator('.cv-result');
      return { how: await result.getAttribute('data-how'), text: await result.textContent() };
    };
    assert.match((await answer('conv2-parameters', '80')).text, /conv1/);
    assert.equal((await answer('conv2-parameters', String(16 * (3 * 3 * 8 + 1)))).how, 'right');
    assert.equal((await answer('guess-loss', '3.32')).how, 'wrong');
    assert.equal((await answer('guess-loss', '2.30')).how, 'right');
    assert.match((await answer('steps-of-epoch', String(Math.ceil(9000 / 32)))).text, /mini-batches of 32/);
    assert.equal((await answer('steps-of-epoch', String(Math.ceil(9000 / 64)))).how, 'right');
    await set(page, { steps: 282 }, '#digits');
    await until_readout(page, 'epoch', (epoch) => epoch === 1, '#digits');
    assert.match((await answer('untrained')).text, /Look at epoch 0/);
    await set(page, { epoch: 0 }, '#digits');
    await until_readout(page, 'test_accuracy', (accuracy) => accuracy < 60, '#digits');
    assert.equal((await answer('untrained')).how, 'right');
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('without its pictures the figure says so, and Reset tries again', async () => {
    const page = await site.page();
    await page.route(/\/data\//, (route) => route.abort());
    await page.goto(site.url + '/train-cnn');
    await figure_ready(page, '#digits');
    const sentence = () => page.evaluate(() => document.querySelector('#digits .cv-sentence').textContent);
    await page.waitForFunction(() => /could not be loaded/.test(document.querySelector('#digits .cv-sentence').textContent));
    assert.match(await sentence(), /Reset/);
    await page.unroute(/\/data\//);
    await page.locator('#digits').getByRole('button', { name: 'Reset' }).click();
    await until_readout(page, 'test_pictures', (count) => count === 1000, '#digits');
    await close_page(page);
  });
});
