// The worked example in the page: every textbook number, read as a slide or a test reads it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { close_page, close_to, figure_ready, open_site, readouts, set, until_readout } from './site.mjs';

let site;
before(async () => { site = await open_site(); });
after(() => site.close());

// M. Mazur, A Step by Step Backpropagation Example, 2015.
const published = {
  net_h1: 0.3775, out_h1: 0.593269992, out_h2: 0.596884378, out_o1: 0.751365070, out_o2: 0.772928465, E_total: 0.298371109,
  dE_dw5: 0.082167041, dE_dw1: 0.000438568, w1_new: 0.149780716, w5_new: 0.358916480, w6_new: 0.408666186,
  w7_new: 0.511301270, w8_new: 0.561370121
};

describe('backprop in the page', () => {
  test('the numbers of the textbook, one update, and ten thousand', async () => {
    const page = await site.page('/backprop');
    await figure_ready(page, '#path');
    const values = await readouts(page, '#path');
    for (const [name, value] of Object.entries(published)) {
      assert.ok(close_to(value, 2e-9)(values[name]), `${name} is ${values[name]}, not ${value}`);
    }
    for (const name of ['w1', 'w2', 'w3', 'w4', 'w5', 'w6', 'w7', 'w8', 'b1', 'b2']) {
      assert.ok(close_to(values[`dE_d${name}`], 1e-9)(values[`check_d${name}`]), name);
    }
    await set(page, { updates: '1' }, '#path');
    await until_readout(page, 'E_total', close_to(0.291027774, 1e-9), '#path');
    await set(page, { updates: '10000' }, '#path');
    await until_readout(page, 'E_total', close_to(3.51019e-5, 5e-11), '#path');
    assert.deepEqual(page.errors, []);
    await close_page(page);
  });
});
