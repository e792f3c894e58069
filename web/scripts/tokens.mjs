// assets/tokens.json -> tokens.css: every colour and size as --cv-NAME, light on :root, dark on .dark (the class that
// VitePress sets). The application's theme comes from the same file, so page and figure cannot drift apart.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { generated, project, tokens_file } from './paths.mjs';

const tokens = JSON.parse(readFileSync(tokens_file, 'utf8'));
const lines = (table, unit = '') => Object.entries(table).map(([name, value]) => `  --cv-${name}: ${value}${unit};`);
const sizes = lines(Object.fromEntries(Object.entries(tokens.size).map(([name, value]) => [`size-${name}`, value])), 'px');
const categorical = tokens.categorical.map((value, index) => `  --cv-category-${index + 1}: ${value};`);

const css = [
  '/* Made by web/scripts/tokens.mjs from assets/tokens.json: change that file, not this one. */',
  ':root {', '  color-scheme: light;', ...lines(tokens.light), ...sizes, ...categorical, '}',
  '.dark {', '  color-scheme: dark;', ...lines(tokens.dark), '}', ''
].join('\n');

// Once for the pages, which bundle it, once for the frame page, which is plain HTML and loads it.
for (const folder of [generated, `${project}/web/public/generated`]) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/tokens.css`, css);
}
