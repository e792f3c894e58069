// The demo catalogue (build/site/demos.json, written by `cvlab list --json`) for the build and for the page:
// `virtual:cv-catalogue` has one loader a demo, each its own small chunk.
import { existsSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import type { Catalogue, Demo } from '../../elements/catalogue';
import { catalogue_file } from '../../scripts/paths.mjs';

export function read_catalogue(): Catalogue {
  if (!existsSync(catalogue_file)) {
    throw new Error(`${catalogue_file} is missing: run ./serve.py, or write it with \`cvlab list --json\`.`);
  }
  return JSON.parse(readFileSync(catalogue_file, 'utf8')) as Catalogue;
}

export function find_demo(id: string): Demo {
  const { demos } = read_catalogue();
  const demo = demos.find((one) => one.id === id);
  if (!demo) throw new Error(`There is no demo "${id}". There are: ${demos.map((one) => one.id).join(', ')}.`);
  return demo;
}

const main = 'virtual:cv-catalogue';

export function catalogue_plugin(): Plugin {
  return {
    name: 'cv-catalogue',
    resolveId: (id) => (id === main || id.startsWith(main + '/') ? '\0' + id : null),
    load(id) {
      if (id === '\0' + main) {
        const entries = read_catalogue().demos.map((demo) => `${JSON.stringify(demo.id)}: () => import('${main}/${demo.id}')`);
        return `export const loaders = { ${entries.join(', ')} };`;
      }
      if (id.startsWith(`\0${main}/`)) return `export default ${JSON.stringify(find_demo(id.slice(main.length + 2)))};`;
      return null;
    }
  };
}
