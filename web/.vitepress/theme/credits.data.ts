// Photographs as build/assets/credits.json names them; an empty list where nothing could be fetched.
import { existsSync, readFileSync } from 'node:fs';
import { credits_file } from '../../scripts/paths.mjs';

export interface Credit {
  id: string;
  title?: string;
  author?: string;
  licence?: string;
  source?: string;
  package?: string;
}
declare const data: Credit[];
export { data };

export default {
  load(): Credit[] {
    if (!existsSync(credits_file)) return [];
    const read = JSON.parse(readFileSync(credits_file, 'utf8')) as Credit[] | { photos: Credit[] };
    return Array.isArray(read) ? read : read.photos;
  }
};
