// Text safe inside HTML, and the few line icons of the controls (24 x 24, drawn here).

export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!);

const paths = {
  play: '<path d="M8 5.5v13l10.5-6.5z" fill="currentColor" stroke-linejoin="round"/>',
  pause: '<path d="M9 6v12M15 6v12" stroke-width="2.6"/>',
  back: '<path d="M16 6l-8 6 8 6zM6.5 6v12" stroke-linejoin="round"/>',
  forward: '<path d="M8 6l8 6-8 6zM17.5 6v12" stroke-linejoin="round"/>',
  full_screen: '<path d="M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15"/>',
  copy_link: '<path d="M10.5 13.5a3.5 3.5 0 0 0 5 0l3-3a3.5 3.5 0 0 0-5-5l-1 1M13.5 10.5a3.5 3.5 0 0 0-5 0l-3 3a3.5 3.5 0 0 0 5 5l1-1"/>',
  reset: '<path d="M5 5v5h5M5.6 10a7 7 0 1 1-.6 4"/>',
  open_file: '<path d="M4.5 18.5v-13h15v13zM4.5 15.5l4.5-4 3.5 3 2.5-2 4.5 3.5"/>',
  camera: '<path d="M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 10a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4z"/>'
};

export type IconId = keyof typeof paths;

export const icon = (id: IconId): string =>
  `<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.7" ` +
  `stroke-linecap="round" aria-hidden="true">${paths[id]}</svg>`;
