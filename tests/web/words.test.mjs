// Both languages say everything: the page's elements and the frame page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../web/${path}`, import.meta.url), 'utf8');
const marks = (text) => [...text.matchAll(/\{\d\}/g)].map(String).sort();

function check_tables(en, fr) {
  assert.ok(Object.keys(en).length > 5);
  assert.deepEqual(Object.keys(fr).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en)) {
    assert.ok(en[key].trim() && fr[key].trim(), `${key} is empty`);
    assert.deepEqual(marks(fr[key]), marks(en[key]), `${key} has other arguments`);
  }
}

test('the elements have every word in both languages', () => {
  check_tables(JSON.parse(read('elements/words/en.json')), JSON.parse(read('elements/words/fr.json')));
});

test('the frame page has every word in both languages', async () => {
  const source = read('public/embed/words.js').replace('const table', 'export const table');
  const { table } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  check_tables(table.en, table.fr);
});
