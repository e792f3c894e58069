// Where the site reads from and writes to. CVLAB_SITE moves everything built (default: build/site beside the sources),
// so that two people can build at once.
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';

export const project = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const site = resolve(project, process.env.CVLAB_SITE ?? 'build/site');
export const dist = resolve(site, 'dist');
export const generated = resolve(site, 'generated');
export const catalogue_file = resolve(site, 'demos.json');
export const credits_file = resolve(project, 'build/assets/credits.json');
export const tokens_file = resolve(project, 'assets/tokens.json');
