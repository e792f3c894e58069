// What the home page lists: the chapters, with the demos that exist and the lesson each belongs to.
import type { Chapter, Demo } from '../../elements/catalogue';
import { read_catalogue } from '../plugins/catalogue';

export type Row = Pick<Demo, 'id' | 'title' | 'lesson' | 'summary' | 'try'>;
export type Section = Chapter & { rows: Row[] };
declare const data: Section[];
export { data };

const row = ({ id, title, lesson, summary, try: first }: Demo): Row => ({ id, title, lesson: lesson || id, summary, try: first });

export default {
  load(): Section[] {
    const { chapters, demos } = read_catalogue();
    return chapters.map((chapter) => ({ ...chapter, rows: demos.filter((demo) => demo.chapter === chapter.id).map(row) }));
  }
};
