// dist/slides: the deck of web/slides with the reveal.js, the tokens and the fonts it uses. The folder stands by itself: copied
// to any web server, it shows this site's figures with ?figures=https://YOUR-SITE/.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dist, generated, project } from './paths.mjs';

const web = `${project}/web`;
const modules = `${web}/node_modules`;
const target = `${dist}/slides`;

rmSync(target, { recursive: true, force: true });
cpSync(`${web}/slides`, target, { recursive: true });
for (const folder of ['reveal', 'fonts']) mkdirSync(`${target}/${folder}`);
for (const file of ['reset.css', 'reveal.css', 'reveal.mjs']) cpSync(`${modules}/reveal.js/dist/${file}`, `${target}/reveal/${file}`);
cpSync(`${modules}/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2`, `${target}/fonts/inter-latin-wght-normal.woff2`);
cpSync(`${modules}/@fontsource/jetbrains-mono/files/jetbrains-mono-latin-400-normal.woff2`, `${target}/fonts/jetbrains-mono-latin-400-normal.woff2`);
cpSync(`${generated}/tokens.css`, `${target}/tokens.css`);
cpSync(`${web}/public/icon.svg`, `${target}/icon.svg`);
