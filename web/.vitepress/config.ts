// The site. VitePress, because it is the generator this ecosystem keeps: Markdown with components, sidebar, local search,
// dark mode, two languages and clean URLs, all static. The look is ours (theme/), the figures are plain custom elements
// (../elements/) that would outlive a change of generator.
import { katex } from '@mdit/plugin-katex';
import { defineConfig, type HeadConfig } from 'vitepress';
import { dist, generated, site } from '../scripts/paths.mjs';
import { built_plugin } from './plugins/built';
import { catalogue_plugin, read_catalogue } from './plugins/catalogue';
import { cv_elements } from './plugins/markdown';
import { write_poster_list } from './plugins/posters';
import { en, fr } from './locales';

const root = new URL('..', import.meta.url).pathname;
const catalogue = read_catalogue();

export default defineConfig({
  title: 'cvlab',
  srcDir: 'lessons',
  outDir: dist,
  cacheDir: `${site}/cache`,
  cleanUrls: true,
  rewrites: { 'en/:rest*': ':rest*' },
  metaChunk: true,
  lastUpdated: false,
  head: [
    ['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#ffffff', media: '(prefers-color-scheme: light)' }],
    ['meta', { name: 'theme-color', content: '#14161a', media: '(prefers-color-scheme: dark)' }]
  ],
  locales: { root: { label: 'English', ...en(catalogue) }, fr: { label: 'Français', ...fr(catalogue) } },
  themeConfig: {
    search: { provider: 'local', options: { locales: { fr: { translations: fr_search() } }, _render: search_text } },
    aside: false,
    externalLinkIcon: false
  },
  markdown: {
    math: false,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    headers: { level: [2, 3] },
    config(md) {
      // The plugin's types name another copy of markdown-it's types; the objects are the same.
      md.use(katex as unknown as (renderer: typeof md, options: object) => void, { output: 'htmlAndMathml', throwOnError: true, strict: 'error' });
      md.use(cv_elements);
    }
  },
  buildEnd: write_poster_list,
  transformHead: ({ assets, content }) => preload(assets, content),
  // Pictures are addresses of what the C++ build makes, not modules.
  vue: { template: { transformAssetUrls: false, compilerOptions: { isCustomElement: (tag) => tag.startsWith('cv-') } } },
  vite: {
    publicDir: `${root}public`,
    plugins: [catalogue_plugin(), built_plugin()],
    resolve: { alias: { '@generated': generated } },
    build: { chunkSizeWarningLimit: 700 }
  }
});

// The faces that the first lines are set in come with the page, so that the text does not jump when they arrive.
function preload(assets: string[], content: string): HeadConfig[] {
  const faces = [/inter-latin-wght-normal/, ...(content.includes('class="katex"') ? [/KaTeX_Main-Regular/, /KaTeX_Math-Italic/] : [])];
  return assets.filter((asset) => asset.endsWith('.woff2') && faces.some((face) => face.test(asset)))
    .map((href) => ['link', { rel: 'preload', href, as: 'font', type: 'font/woff2', crossorigin: '' }]);
}

// The search finds lessons by what they say: neither formulas nor the labels of every control.
function search_text(source: string, env: object, md: { render(source: string, env: object): string }): string {
  const html = md.render(source.replace(/\$\$[\s\S]*?\$\$/g, '').replace(/\$[^$\n]+\$/g, ''), env);
  return html.replace(/<div class="cv-plate">[\s\S]*?<div class="cv-caption">/g, '<div class="cv-caption">');
}

function fr_search() {
  return {
    button: { buttonText: 'Rechercher', buttonAriaLabel: 'Rechercher' },
    modal: {
      displayDetails: 'Afficher le détail', resetButtonTitle: 'Effacer', backButtonTitle: 'Fermer',
      noResultsText: 'Aucun résultat pour',
      footer: {
        selectText: 'choisir', selectKeyAriaLabel: 'Entrée', navigateText: 'parcourir', navigateUpKeyAriaLabel: 'flèche haut',
        navigateDownKeyAriaLabel: 'flèche bas', closeText: 'fermer', closeKeyAriaLabel: 'Échap'
      }
    }
  };
}
