// Which posters the pages show: one a figure's state. scripts/posters.mjs makes them from the list written here.
import { mkdirSync, writeFileSync } from 'node:fs';
import { defaults, format_state, poster_name, type Demo, type Values } from '../../elements/catalogue';
import { generated } from '../../scripts/paths.mjs';

const wanted = new Map<string, { name: string; demo: string; state: string; aspect: number; narrow_aspect: number }>();

export function want_poster(demo: Demo, values: Values): void {
  const all = { ...defaults(demo), ...values };
  const name = poster_name(demo, all);
  wanted.set(name, { name, demo: demo.id, state: format_state(demo, all), aspect: demo.aspect,
    narrow_aspect: demo.narrow_aspect });
}

export function write_poster_list(): void {
  mkdirSync(generated, { recursive: true });
  writeFileSync(`${generated}/posters.json`, JSON.stringify([...wanted.values()], null, 1));
}
