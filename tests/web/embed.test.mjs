// The frame page in somebody else's page: another origin, not isolated, talking only by messages.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { close_page, open_site } from './site.mjs';

let site;
let host;

const page_of = (src) => `<!doctype html><html lang="en"><title>A slide</title><body>
<iframe id="figure" src="${src}" width="900" height="560" allow="camera; fullscreen; clipboard-write; cross-origin-isolated" title="figure"></iframe>
<script>
  const figure = document.getElementById('figure');
  window.heard = [];
  let next = 1;
  addEventListener('message', ({ source, data }) => { if (source === figure.contentWindow && data?.cvlab === 1) heard.push(data); });
  window.until = async (is_it) => {
    for (let tries = 0; tries < 1200; tries++) {
      const found = heard.find(is_it);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('not heard; heard: ' + JSON.stringify(heard).slice(0, 1000));
  };
  window.ask = (type, fields = {}) => {
    const seq = next++;
    figure.contentWindow.postMessage({ cvlab: 1, type, seq, ...fields }, '*');
    return until((data) => data.seq === seq);
  };
</script></body></html>`;

before(async () => {
  site = await open_site({ timed: true });
  host = createServer((request, response) => {
    const query = new URL(request.url, 'http://host').searchParams.get('q') ?? '';
    response.setHeader('Content-Type', 'text/html');
    response.end(page_of(`${site.url}/embed/?${query}`.replace(/&/g, '&amp;')));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => host.once('listening', resolve));
});
after(async () => {
  host.close();
  await site.close();
});

const slide = async (query) => {
  const page = await site.page(null, { reducedMotion: 'no-preference' });
  await page.goto(`http://127.0.0.1:${host.address().port}/?q=${encodeURIComponent(query)}`);
  page.ready = await page.evaluate(() => until((data) => data.type === 'ready'));
  return page;
};
const ask = (page, type, fields = {}) => page.evaluate(([one, more]) => ask(one, more), [type, fields]);

describe('embedded in a page of another origin without isolation', () => {
  test('runs the baseline module and takes its state from the address', async () => {
    const page = await slide('demo=convolution&image=box&kernel=mean&cell=3,4&panel=0');
    assert.equal(page.ready.module, 'baseline');
    assert.equal(page.ready.demo, 'convolution');
    const { values } = await ask(page, 'readouts');
    assert.equal(values.value, 90);
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('set, get, reset, step, play, pause answer as documented', async () => {
    const page = await slide('demo=convolution&panel=0');
    const state = await ask(page, 'set', { params: { kernel: 'sobel-x', stride: 2, signed: false } });
    assert.equal(state.type, 'state');
    assert.deepEqual([state.params.kernel, state.params.stride, state.params.signed], ['sobel-x', '2', '0']);
    assert.deepEqual(state.errors ?? [], []);
    assert.match(state.text, /kernel=sobel-x/);
    const refused = await ask(page, 'set', { params: { kernel: 'no-such', stride: 3, nothing: 1 } });
    assert.deepEqual(refused.errors.map((error) => error.id).sort(), ['kernel', 'nothing']);
    assert.ok(refused.errors.every((error) => error.sentence.length > 10));
    assert.equal(refused.params.stride, '3');
    assert.equal((await ask(page, 'reset')).params.kernel, 'mean');
    await ask(page, 'set', { params: { cell: '1,1' } });
    assert.equal((await ask(page, 'step')).moved, true);
    assert.equal((await ask(page, 'readouts')).values.column, 2);
    assert.equal((await ask(page, 'step', { delta: -1 })).moved, true);
    assert.equal((await ask(page, 'step', { delta: -1 })).moved, false);
    assert.equal((await ask(page, 'play', { speed: 4 })).playing, true);
    assert.equal((await ask(page, 'pause')).playing, false);
    assert.equal((await ask(page, 'get')).demo, 'convolution');
    await close_page(page);
  });

  test('says its read-outs unasked when they change, with a sentence', async () => {
    const page = await slide('demo=convolution&panel=0&lang=fr');
    await page.evaluate(() => (heard.length = 0));
    await ask(page, 'set', { params: { cell: '6,4' } });
    const said = await page.evaluate(() => until((data) => data.type === 'readouts' && data.values.row === 6));
    assert.equal(said.seq, undefined);
    assert.match(said.sentence, /somme/);
    await close_page(page);
  });

  test('options change while it runs; stop frees it', async () => {
    const page = await slide('demo=pixels&panel=0&image=box');
    await ask(page, 'options', { theme: 'dark', lang: 'fr', panel: true });
    await ask(page, 'enter');
    await page.evaluate(() => until((data) => data.type === 'entered'));
    await ask(page, 'leave');
    await page.evaluate(() => until((data) => data.type === 'left'));
    assert.equal((await ask(page, 'stop')).type, 'stopped');
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });

  test('by itself and isolated, it runs the threaded module where the browser can', async () => {
    const page = await site.page('/embed/?demo=convolution');
    await page.waitForFunction(() => document.querySelector('canvas')?.width > 0);
    assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    assert.ok(page.requests.some((url) => url.includes('/module/turbo/')), 'the turbo module was fetched');
    await close_page(page);
  });
});

describe('budgets', () => {
  for (const module of ['baseline', 'turbo']) {
    test(`${module} module, every figure in it: at most 1.2 MB as sent with brotli`, async () => {
      let bytes = 0;
      for (const file of ['cvlab-app.js', 'cvlab-app.wasm']) {
        const size = await new Promise((resolve, reject) => {
          import('node:http').then(({ get }) => get(`${site.url}/module/${module}/${file}`, { headers: { 'Accept-Encoding': 'br' } }, (response) => {
            assert.equal(response.statusCode, 200);
            assert.equal(response.headers['content-encoding'], 'br');
            let length = 0;
            response.on('data', (chunk) => (length += chunk.length)).on('end', () => resolve(length));
          }).on('error', reject));
        });
        bytes += size;
      }
      assert.ok(bytes <= 1_200_000, `${bytes} bytes`);
    });
  }

  // On a machine that others use, too: the least of three.
  for (const demo of ['convolution', 'cnn', 'gan', 'yolo-grid']) {
    test(`${demo} alone answers within 2 s of opening it`, async (context) => {
      const times = [];
      while (times.length < 3 && !times.some((time) => time < 2000)) {
        const page = await site.page();
        await page.addInitScript(() => {
          const look = () => {
            if (!(window.cvlab?.frames > 0)) return setTimeout(look, 5);
            window.cvlab.figure.set('seed', '1');  // refused where there is none: an answer, too
            window.cvlab.figure.readouts();
            window.answered = performance.now();
          };
          look();
        });
        await page.goto(`${site.url}/embed/?demo=${demo}&module=baseline`);
        times.push(Math.round(await page.waitForFunction(() => window.answered).then((answer) => answer.jsonValue())));
        await close_page(page);
      }
      context.diagnostic(`${times.join(', ')} ms`);
      assert.ok(times.some((time) => time < 2000), `${times.join(', ')} ms`);
    });
  }

  test('a lesson is readable at once', async () => {
    const page = await site.page('/convolution');
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const contentful = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    assert.ok(contentful < 2000, `first text after ${contentful} ms`);  // 1 s on a desk; a test machine is shared
    await close_page(page);
  });
});
