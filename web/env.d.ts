// Modules that the build makes (.vitepress/plugins/catalogue.ts), and what Vue files are.
declare module 'virtual:cv-catalogue' {
  export const loaders: Record<string, () => Promise<{ default: import('./elements/catalogue').Demo }>>;
}
declare module '*.vue' {
  import type { DefineComponent } from 'vue';
  const component: DefineComponent;
  export default component;
}
