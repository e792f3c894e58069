// Questions: right, wrong with the reason, tolerance, a kernel, a state of a figure, hints, progress, the code to hand in.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { close_page, figure_ready, open_site, patience, project, set } from './site.mjs';

let site;
before(async () => { site = await open_site(); });
after(() => site.close());

/** Types the answers, checks, and returns what the question says. */
async function answer(page, id, ...values) {
  const check = page.locator(`#${id}`);
  const fields = check.locator('[data-answer]');
  for (const [index, value] of values.entries()) await fields.nth(index).fill(value);
  await check.getByRole('button', { name: /^(Check|Vérifier)$/ }).click();
  await page.waitForFunction((one) => ['right', 'wrong'].includes(document.querySelector(`#${one} .cv-result`)?.dataset.how), id, { timeout: patience });
  const result = check.locator('.cv-result');
  return { how: await result.getAttribute('data-how'), text: (await result.textContent()).trim() };
}

describe('questions', () => {
  test('a number: the core computes the right answer, and knows three wrong ones', async () => {
    const page = await site.page('/convolution');
    const sum = 58 + 2 * 59 + 3 * 67 + 69;  // by hand, for I(i,j) = 10 i + j
    assert.match((await answer(page, 'slide-sum', '57 + 58')).text, /number/);
    const flipped = await answer(page, 'slide-sum', String(69 * 0 + 68 + 2 * 67 + 3 * 59 + 57));
    assert.equal(flipped.how, 'wrong');
    assert.match(flipped.text, /180°/);
    assert.match((await answer(page, 'slide-sum', String(47 + 2 * 48 + 3 * 56 + 58))).text, /counted from 1/);
    assert.match((await answer(page, 'slide-sum', String(57 + 58 + 59 + 67 + 68 + 69))).text, /plain sum/);
    const other = await answer(page, 'slide-sum', '1');
    assert.deepEqual([other.how, other.text], ['wrong', 'Not yet.']);
    const right = await answer(page, 'slide-sum', String(sum));
    assert.equal(right.how, 'right');
    assert.match(right.text, new RegExp(String(sum)));
    assert.equal(await page.locator('iframe.cv-evaluator').count(), 1);
    await close_page(page);
  });

  test('a kernel: fractions and rounded decimals are right, ones and the identity are explained', async () => {
    const page = await site.page('/fr/convolution');
    assert.match((await answer(page, 'mean-kernel', ...Array(9).fill('1'))).text, /Divisez par 9/);
    assert.match((await answer(page, 'mean-kernel', '0', '0', '0', '0', '1', '0', '0', '0', '0')).text, /identité/);
    assert.equal((await answer(page, 'mean-kernel', ...Array(9).fill('0,10'))).how, 'wrong');
    assert.equal((await answer(page, 'mean-kernel', ...Array(9).fill('0,11'))).how, 'right');
    assert.equal((await answer(page, 'mean-kernel', ...Array(9).fill('1/9'))).how, 'right');
    assert.equal((await answer(page, 'mean-kernel', '1/9', '1/9', '1/9', '1/9', '1/9', '1/9', '1/9', '1/9', '0')).how, 'wrong');
    await close_page(page);
  });

  test('two numbers: the size of the output', async () => {
    const page = await site.page('/convolution');
    assert.match((await answer(page, 'output-size', '5', '8')).text, /2 × 2/);
    assert.match((await answer(page, 'output-size', '6', '9')).text, /with padding/);
    assert.match((await answer(page, 'output-size', '2', '7')).text, /swapped/);
    assert.equal((await answer(page, 'output-size', '4', '5')).how, 'right');
    await close_page(page);
  });

  test('a state: the figure is brought there by its controls', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page, '#border');
    assert.match((await answer(page, 'border-state')).text, /zeros/);
    await page.locator('#border .cv-segment', { hasText: 'Reflect' }).click();
    await page.waitForFunction(() => document.querySelector('#border').get().then((state) => state.params.padding === 'reflect'));
    assert.match((await answer(page, 'border-state')).text, /mirrored/);
    await page.locator('#border .cv-segment', { hasText: 'Replicate' }).click();
    await page.waitForFunction(() => document.querySelector('#border').get().then((state) => state.params.padding === 'replicate'));
    assert.equal((await answer(page, 'border-state')).how, 'right');
    await set(page, { kernel: 'sharpen' }, '#border');
    assert.equal((await answer(page, 'border-state')).how, 'wrong');
    await close_page(page);
  });

  test('the lesson on pixels: a value, bytes, a level', async () => {
    const page = await site.page('/pixels');
    assert.match((await answer(page, 'table-value', '0')).text, /hole/);
    assert.equal((await answer(page, 'table-value', '90')).how, 'right');
    assert.match((await answer(page, 'memory', '262144')).text, /one channel/);
    assert.equal((await answer(page, 'memory', String(512 * 512 * 3))).how, 'right');
    assert.match((await answer(page, 'level', '90')).text, /value itself/);
    assert.match((await answer(page, 'level', '5')).text, /4 bits/);
    assert.equal((await answer(page, 'level', '2')).how, 'right');
    await close_page(page);
  });

  test('hints come one after the other and take the focus', async () => {
    const page = await site.page('/convolution');
    await figure_ready(page);
    const check = page.locator('#slide-sum');
    assert.equal(await check.locator('cv-hint:visible').count(), 0);
    await check.getByRole('button', { name: /Hint \(1 of 2\)/ }).click();
    assert.equal(await check.locator('cv-hint:visible').count(), 1);
    assert.equal(await page.evaluate(() => document.activeElement.localName), 'cv-hint');
    await check.getByRole('button', { name: /Hint \(2 of 2\)/ }).click();
    assert.equal(await check.locator('cv-hint:visible').count(), 2);
    assert.equal(await check.getByRole('button', { name: /Hint/ }).count(), 0);
    await close_page(page);
  });

  test('what is solved stays solved in this browser, in both languages, and makes a code', async () => {
    const page = await site.page('/convolution');
    await answer(page, 'output-size', '4', '5');
    const code = () => page.locator('cv-result [data-code]').textContent();
    assert.match(await code(), /^convolution-0010-/);
    await page.goto(site.url + '/fr/convolution');
    await page.waitForSelector('#output-size[data-solved]');
    assert.match(await page.locator('cv-result [data-count]').textContent(), /^1 .* 4/);
    await page.locator('cv-result [data-name]').fill('Ada  Lovelace ');
    const named = await code();
    const verify = (...words) => {
      try {
        return execFileSync('node', [`${project}web/scripts/check-code.mjs`, ...words], { encoding: 'utf8' });
      } catch (error) {
        return error.stdout;
      }
    };
    assert.match(verify(named, 'ada lovelace'), /^convolution: 1 of 4/);
    assert.match(verify(named, 'Bob'), /does not fit/);
    assert.match(verify(named.replace('0010', '1111'), 'ada lovelace'), /does not fit/);
    await page.getByRole('button', { name: 'Recommencer' }).click();
    assert.match(await code(), /^convolution-0000-/);
    await close_page(page);
  });
});
