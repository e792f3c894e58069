// Writes dist/sw.js: the worker with this build's hash and the list of what makes the site readable offline (pages, their
// scripts and styles, the fonts of Latin text). Module, photographs and posters join the cache when they are first used.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { dist } from './paths.mjs';

const files = (folder) => readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile()).map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name))).sort();

const all = files(dist).filter((path) => path !== 'sw.js' && !/\.(br|gz)$/.test(path));
const hash = createHash('sha256');
for (const path of all) hash.update(path).update('\0').update(readFileSync(join(dist, path)));

const clean = (path) => '/' + path.replace(/(^|\/)index\.html$/, '$1').replace(/\.html$/, '');
const wanted = (path) => /\.html$/.test(path) || (/^assets\/.*\.(js|css)$/.test(path)) || /^assets\/.*latin-wght-normal.*\.woff2$/.test(path) ||
  /^assets\/jetbrains-mono-latin-400-normal.*\.woff2$/.test(path) || /^assets\/KaTeX_(Main|Math|Size).*\.woff2$/.test(path) || path === 'icon.svg';
const shell = all.filter((path) => wanted(path) && path !== '404.html').map(clean);

const source = readFileSync(new URL('../service-worker/sw.js', import.meta.url), 'utf8');
writeFileSync(join(dist, 'sw.js'), source.replace('__BUILD__', hash.digest('hex').slice(0, 16)).replace('__SHELL__', JSON.stringify(shell)));
console.log(`sw.js: ${shell.length} files for offline use`);
