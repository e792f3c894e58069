// Photographs and data sets as build/assets/credits.json names them; empty lists where nothing could be fetched.
import { existsSync, readFileSync } from 'node:fs';
import { credits_file } from '../../scripts/paths.mjs';

export interface Credit {
  id: string;
  what: { en: string; fr: string };
  author: string;
  licence: string;
  source: string;
  package: string;
  drawn?: boolean;  // a drawn stand-in, made where the photograph could not be fetched
}
export interface Credits {
  photos: Credit[];
  data: Credit[];
}
declare const data: Credits;
export { data };

export default {
  load: (): Credits => (existsSync(credits_file) ? (JSON.parse(readFileSync(credits_file, 'utf8')) as Credits) : { photos: [], data: [] })
};
