// Navigation in both languages. Lessons are listed from the catalogue, so a new demo appears by itself.
import type { DefaultTheme, LocaleSpecificConfig } from 'vitepress';
import { existsSync } from 'node:fs';
import type { Catalogue, Demo, Language } from '../elements/catalogue';

type Locale = LocaleSpecificConfig<DefaultTheme.Config> & { lang: string };

const has_lesson = (demo: Demo, language: Language): boolean =>
  existsSync(new URL(`../lessons/${language}/${demo.lesson || demo.id}.md`, import.meta.url));

function sidebar({ chapters, demos }: Catalogue, language: Language, words: { around: string; gallery: string; slides: string; embed: string; credits: string }): DefaultTheme.SidebarItem[] {
  const prefix = language === 'en' ? '' : '/fr';
  return [
    ...chapters.map(({ id, title }) => ({
      text: title[language],
      items: demos.filter((demo) => demo.chapter === id && has_lesson(demo, language))
        .map((demo) => ({ text: demo.title[language], link: `${prefix}/${demo.lesson || demo.id}` }))
    })),
    { text: words.around, items: [
      { text: words.gallery, link: `${prefix}/gallery` }, { text: words.slides, link: `/slides/${language === 'fr' ? 'fr/' : ''}`, target: '_self' },
      { text: words.embed, link: `${prefix}/embed-guide` }, { text: words.credits, link: `${prefix}/credits` }
    ] }
  ];
}

export function en(catalogue: Catalogue): Locale {
  const words = { around: 'Around the course', gallery: 'Gallery', slides: 'Slides', embed: 'Embed a figure', credits: 'Credits' };
  return {
    lang: 'en',
    description: 'A course in computer vision with machine learning, in which every figure computes.',
    themeConfig: {
      nav: [
        { text: 'Course', link: '/#course' },
        { text: words.gallery, link: '/gallery' },
        { text: words.slides, link: '/slides/', target: '_self' },
        { text: words.embed, link: '/embed-guide' }
      ],
      sidebar: sidebar(catalogue, 'en', words),
      outline: { level: [2, 3], label: 'On this page' },
      notFound: { title: 'PAGE NOT FOUND', quote: 'There is nothing at this address.', linkLabel: 'Home', linkText: 'Home' }
    }
  };
}

export function fr(catalogue: Catalogue): Locale {
  const words = { around: 'Autour du cours', gallery: 'Galerie', slides: 'Diapositives', embed: 'Intégrer une figure', credits: 'Crédits' };
  return {
    lang: 'fr',
    description: 'Un cours de vision par ordinateur avec apprentissage automatique, dont chaque figure calcule.',
    themeConfig: {
      nav: [
        { text: 'Cours', link: '/fr/#course' },
        { text: words.gallery, link: '/fr/gallery' },
        { text: words.slides, link: '/slides/fr/', target: '_self' },
        { text: words.embed, link: '/fr/embed-guide' }
      ],
      sidebar: sidebar(catalogue, 'fr', words),
      outline: { level: [2, 3], label: 'Sur cette page' },
      docFooter: { prev: 'Précédent', next: 'Suivant' },
      darkModeSwitchLabel: 'Apparence',
      lightModeSwitchTitle: 'Passer au thème clair',
      darkModeSwitchTitle: 'Passer au thème sombre',
      sidebarMenuLabel: 'Menu',
      returnToTopLabel: 'Retour en haut',
      langMenuLabel: 'Changer de langue',
      skipToContentLabel: 'Aller au contenu',
      notFound: {
        title: 'PAGE INTROUVABLE', quote: 'Il n’y a rien à cette adresse.', linkLabel: 'Accueil', linkText: 'Accueil'
      }
    }
  };
}
