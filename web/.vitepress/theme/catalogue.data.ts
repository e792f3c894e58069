// What the home page lists: the demos that exist, with the lesson each belongs to.
import type { Demo } from '../../elements/catalogue';
import { read_catalogue } from '../plugins/catalogue';

export type Row = Pick<Demo, 'id' | 'title' | 'lesson' | 'summary' | 'try'>;
declare const data: Row[];
export { data };

export default {
  load: (): Row[] => read_catalogue().demos.map(({ id, title, lesson, summary, try: first }) => ({ id, title, lesson: lesson || id, summary, try: first }))
};
