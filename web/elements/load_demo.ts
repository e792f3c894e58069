// One demo's catalogue entry, fetched when a page first shows that demo (the build makes one small chunk a demo).
import { loaders } from 'virtual:cv-catalogue';
import type { Demo } from './catalogue';

export async function load_demo(id: string): Promise<Demo> {
  const load = loaders[id];
  if (!load) throw new Error(`There is no demo "${id}". There are: ${Object.keys(loaders).join(', ')}.`);
  return (await load()).default;
}
