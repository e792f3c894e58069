// Draws the posters of generated/posters.json with the native program, in both themes, wide and upright, into
// build/site/posters (serve.py copies them into the site). One that is newer than the program is kept.
// Without the program nothing is drawn: the page then falls back to the demo's own poster.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { generated, project, site } from './paths.mjs';

const program = resolve(project, 'build/native/bin/cvlab-app');
const folder = `${site}/posters`;
const run = promisify(execFile);

// The stage has one of the demo's own two proportions (theme/figure.css).
const narrow = 336;  // px
const sizes = ({ aspect, narrow_aspect }) =>
  [['', `640x${Math.round(640 / aspect)}`], ['-narrow', `${narrow}x${Math.round(narrow / narrow_aspect)}`]];

const jobs = JSON.parse(readFileSync(`${generated}/posters.json`, 'utf8')).flatMap((poster) => ['light', 'dark'].flatMap((theme) =>
  sizes(poster).map(([suffix, size]) => ({ ...poster, theme, size, file: `${folder}/${poster.name}-${theme}${suffix}.png` }))));

const is_fresh = (file) => existsSync(file) && statSync(file).mtimeMs > statSync(program).mtimeMs;

async function draw({ demo, state, theme, size, file }) {
  await run(program, ['--demo', demo, ...(state ? ['--state', state] : []), '--theme', theme, '--no-panel', '--reduced-motion',
    '--size', size, '--scale', size.startsWith(`${narrow}x`) ? '2' : '1.5', '--screenshot', file]);
}

if (!existsSync(program)) {
  console.log(`posters: ${program} is not there, none drawn`);
} else {
  mkdirSync(folder, { recursive: true });
  const stale = jobs.filter(({ file }) => !is_fresh(file));
  const count = stale.length;
  const worker = async () => { for (let job = stale.pop(); job; job = stale.pop()) await draw(job); };
  await Promise.all(Array.from({ length: Math.min(4, cpus().length) }, worker));
  console.log(`posters: ${count} drawn, ${jobs.length - count} kept`);
}
