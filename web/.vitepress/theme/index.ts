// The site's theme: VitePress's parts (navigation, sidebar, search), our look, our elements.
// VitePress's own style comes first, so that ours has the last word.
import DefaultTheme from 'vitepress/theme-without-fonts';
import 'katex/dist/katex.min.css';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/inter/wght-italic.css';
import '@fontsource/jetbrains-mono/400.css';
import '@fontsource/jetbrains-mono/600.css';
import '@generated/tokens.css';
import './base.css';
import './page.css';
import './controls.css';
import './figure.css';
import './check.css';
import './home.css';

import type { Theme } from 'vitepress';
import CourseMap from './CourseMap.vue';
import Credits from './Credits.vue';
import Layout from './Layout.vue';

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app, router }) {
    app.component('CourseMap', CourseMap);
    app.component('Credits', Credits);
    if (import.meta.env.SSR) return;
    router.onAfterPageLoad = async () => (await import('../../elements/evaluator')).close_evaluator();
  }
} satisfies Theme;
