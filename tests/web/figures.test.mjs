// The figures of networks in the page: by finger alone, and while they train: nothing waits for them, a pause is one.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { close_page, frame_state, frame_values, open_site, until_state, until_values, watch_tasks } from './site.mjs';

let site;
before(async () => { site = await open_site({ timed: true }); });
after(() => site.close());

describe('by finger', () => {
  /** The figure alone on a phone; a touch at a place of the picture, given as shares of its width and height. */
  async function phone(query) {
    const page = await site.page(`/embed/?${query}&panel=0&module=baseline`, { width: 390, height: 844, touch: true });
    await until_values(page, () => true);
    const touch = await page.context().newCDPSession(page);
    const send = (type, points) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: points });
    page.drag = async (...points) => {
      const at = points.map(([x, y]) => ({ x: Math.round(x * 390), y: Math.round(y * 844) }));
      await send('touchStart', [at[0]]);
      for (const point of at.slice(1)) {
        await pause(60);
        await send('touchMove', [point]);
      }
      await pause(60);
      await send('touchEnd', []);
      await pause(200);
    };
    page.tap_at = (x, y) => page.drag([x, y]);
    return page;
  }

  test('yolo-grid: another cell is read, a box is dragged', async () => {
    const page = await phone('demo=yolo-grid');
    const first = await until_values(page, ({ row }) => row === 4);
    assert.deepEqual([first.row, first.column], [4, 3]);
    await page.tap_at(0.43, 0.43);
    const second = await until_values(page, ({ row, column }) => row !== first.row || column !== first.column);
    assert.equal(second.object, null, 'there is no object in that cell');
    const before = (await frame_state(page)).params;
    await page.drag([0.7, 0.16], [0.68, 0.18], [0.64, 0.2], [0.6, 0.22]);
    await until_state(page, ({ params }) => params.objects !== before.objects || params.predictions !== before.predictions);
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('cnn: a unit is opened, a digit is drawn and read', async () => {
    const page = await phone('demo=cnn');
    await until_values(page, ({ prediction }) => prediction === 7);
    await page.tap_at(0.31, 0.28);
    await until_state(page, ({ params }) => params.layer === 'conv1');
    assert.equal((await frame_values(page)).map, 2);
    await page.tap_at(0.69, 0.083);  // Draw a digit
    await until_state(page, ({ params }) => params.source === 'drawn');
    await page.drag(...Array.from({ length: 12 }, (_, i) => [0.335, 0.09 + 0.011 * i]));  // a straight line down
    const { params } = await until_state(page, (state) => state.params.strokes !== '');
    assert.ok(params.strokes.length > 4);
    const values = await until_values(page, ({ probability }) => probability > 30);
    assert.equal(values.prediction, 1, `a line is read as ${values.prediction}`);
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('gan: points of one’s own are drawn and learnt from', async () => {
    const page = await phone('demo=gan&data=own');
    await page.drag(...Array.from({ length: 16 }, (_, i) => [0.3 + 0.025 * i, 0.25 + 0.006 * i]));
    const { params } = await until_state(page, (state) => state.params.points !== '');
    assert.ok(params.points.length > 4);
    await page.evaluate(() => window.cvlab.figure.play(true));
    await until_values(page, ({ step }) => step >= 20);
    await page.evaluate(() => window.cvlab.figure.play(false));
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });
});

describe('while they train', () => {
  // A machine that others use stalls a page now and then, which is no task of ours; a task of ours is there every time.
  const attempts = 3;
  const runs = {
    gan: 'demo=gan', 'gan of digits': 'demo=gan&what=digits&pace=fast', 'mlp on digits': 'demo=mlp&data=digits', sgd: 'demo=sgd&landscape=network&step=0', 'vanishing-gradients': 'demo=vanishing-gradients&depth=64&f=relu&init=he&norm=1&skip=1',
    'batch-norm': 'demo=batch-norm&view=training', activations: 'demo=activations&view=dying'
  };

  async function run_once(query) {
    const page = await site.page(null, { width: 1000, height: 800, reducedMotion: 'no-preference' });
    await watch_tasks(page);
    await page.goto(`${site.url}/embed/?${query}&panel=0&module=baseline`);
    await until_values(page, () => true);
    await pause(1500);
    await page.evaluate(() => { window.long_tasks.length = 0; });  // loading is not training
    const before = (await frame_state(page)).params;
    await page.evaluate(() => window.cvlab.figure.play(true));
    await pause(4000);
    const tasks = await page.evaluate(() => window.long_tasks.slice());
    await page.evaluate(() => window.cvlab.figure.play(false));
    for (let seen = -1, tries = 0; tries < 20; tries++) {  // what was begun is drawn to its end, on a busy machine, too
      await pause(500);
      const now = await page.evaluate(() => window.cvlab.frames);
      if (now === seen) break;
      seen = now;
    }
    assert.notDeepEqual((await frame_state(page)).params, before, 'it trained, and the link says how far');
    const rest = await page.evaluate(() => window.cvlab.frames);
    const still = JSON.stringify(await frame_values(page));
    await pause(1000);
    assert.equal(await page.evaluate(() => window.cvlab.frames), rest, 'a paused figure draws nothing');
    assert.equal(JSON.stringify(await frame_values(page)), still);
    assert.deepEqual(page.errors, []);
    await close_page(page);
    return tasks;
  }

  for (const [name, query] of Object.entries(runs)) {
    test(`${name}: no task over 50 ms, and a pause is one`, async (context) => {
      const seen = [];
      while (seen.length < attempts && !seen.some((tasks) => tasks.length === 0)) seen.push(await run_once(query));
      context.diagnostic(`long tasks: ${JSON.stringify(seen)}`);
      assert.ok(seen.some((tasks) => tasks.length === 0), JSON.stringify(seen));
    });
  }
});
