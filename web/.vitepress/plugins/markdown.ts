// Markdown: <cv-demo …> and <cv-check …>, each tag alone on its line, get the HTML that a reader sees before (or without)
// any script: poster and controls, question and answer fields. Attributes are checked against the catalogue, so that a
// lesson which names a parameter or read-out that is gone stops the build.
import type { MarkdownRenderer } from 'vitepress';
import type { Demo, Language } from '../../elements/catalogue';
import { escape } from '../../elements/html';
import { render_check_foot, render_check_head, type CheckAttributes } from '../../elements/render_check';
import { render_figure } from '../../elements/render_demo';
import { word } from '../../elements/words';
import { find_demo } from './catalogue';
import { want_poster } from './posters';

type Attributes = Record<string, string>;
type Token = ReturnType<MarkdownRenderer['parse']>[number];

const own_attributes = new Set(['name', 'id', 'main', 'hide', 'module', 'class', 'bare']);

export function cv_elements(md: MarkdownRenderer): void {
  md.core.ruler.push('cv-elements', (state) => {
    const page = new Page(language_of(state.env));
    for (const token of state.tokens) if (token.type === 'html_block') page.transform(token);
  });
}

const language_of = (env: { relativePath?: string }): Language => (/(^|\/)fr\//.test(env.relativePath ?? '') ? 'fr' : 'en');

class Page {
  private figures = 0;
  private checks = 0;
  private open_check: { attributes: Attributes; uid: string; hints: number } | null = null;

  constructor(private language: Language) {}

  transform(token: Token): void {
    const text = token.content.trim();
    const open = /^<(cv-demo|cv-check|cv-hint)\b([^>]*)>/.exec(text);
    if (open?.[1] === 'cv-demo') token.content = this.figure(read_attributes(open[2]), /<\/cv-demo>$/.test(text));
    else if (open?.[1] === 'cv-check') token.content = this.begin_check(read_attributes(open[2]));
    else if (open?.[1] === 'cv-hint' && this.open_check) this.open_check.hints++;
    else if (text === '</cv-demo>') token.content = '</div></cv-demo>\n';
    else if (text === '</cv-check>') token.content = this.end_check();
  }

  private figure(attributes: Attributes, closed: boolean): string {
    const demo = find_demo(attributes.name ?? '');
    const values = Object.fromEntries(Object.entries(attributes).filter(([id]) => !own_attributes.has(id)));
    expect_params(demo, Object.keys(values));
    const hidden = new Set((attributes.hide ?? '').split(',').map((id) => id.trim()).filter(Boolean));
    expect_params(demo, [...hidden]);
    const number = 'bare' in attributes ? 0 : ++this.figures;
    const id = attributes.id ?? `figure-${number || 0}`;
    want_poster(demo, values);
    const inside = render_figure(demo, values, this.language, { uid: id, hidden });
    const caption = number ? `<div class="cv-caption"><p class="cv-number">${word(this.language, 'figure', number)}</p>` : '<div class="cv-caption">';
    return `<cv-demo${write_attributes({ ...attributes, id })} v-pre>${inside}${caption}\n` + (closed ? '</div></cv-demo>\n' : '');
  }

  private begin_check(attributes: Attributes): string {
    const uid = attributes.id;
    if (!uid) throw new Error('<cv-check> needs an id: progress is kept under it.');
    const demo = find_demo(attributes.demo ?? '');
    expect_params(demo, [...new URLSearchParams(attributes.state ?? '').keys()]);
    for (const readout of [attributes.readout, attributes.equals].flatMap((list) => list?.split(',') ?? [])) {
      if (!demo.readouts.some(({ id }) => id === readout.trim())) throw new Error(`${demo.id} has no read-out "${readout}" (question ${uid}).`);
    }
    this.open_check = { attributes, uid, hints: 0 };
    return `<cv-check${write_attributes(attributes)} v-pre>${render_check_head(++this.checks, this.language)}\n`;
  }

  private end_check(): string {
    if (!this.open_check) throw new Error('</cv-check> without <cv-check>.');
    const { attributes, uid, hints } = this.open_check;
    this.open_check = null;
    return `${render_check_foot(attributes as unknown as CheckAttributes, uid, this.language, hints)}</cv-check>\n`;
  }
}

function expect_params(demo: Demo, ids: string[]): void {
  for (const id of ids) {
    if (!demo.params.some((param) => param.id === id)) throw new Error(`${demo.id} has no parameter "${id}".`);
  }
}

function read_attributes(text: string): Attributes {
  const attributes: Attributes = {};
  for (const [, name, value] of text.matchAll(/([\w-]+)(?:\s*=\s*"([^"]*)")?/g)) {
    attributes[name] = (value ?? '').replace(/&amp;/g, '&');
  }
  return attributes;
}

const write_attributes = (attributes: Attributes): string =>
  Object.entries(attributes).map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escape(value)}"`)).join('');
