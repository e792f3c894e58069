// What the page does once Vue has taken over the HTML that the build rendered.

export async function start(): Promise<void> {
  const { define_elements } = await import('../../elements');
  define_elements();
  new ResizeObserver(reach_wide_formulas).observe(document.body);  // also sees another page come up
  if (import.meta.env.PROD && 'serviceWorker' in navigator) await register_worker();
}

// A formula wider than the page scrolls sideways: by keyboard, too.
function reach_wide_formulas(): void {
  for (const formula of document.querySelectorAll<HTMLElement>('.katex-display')) {
    if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
    else formula.removeAttribute('tabindex');
  }
}

// Offline use: the worker starts when the page has nothing else to do, and fetches the shell only then.
async function register_worker(): Promise<void> {
  await new Promise<void>((resolve) => (window.requestIdleCallback ?? setTimeout)(() => resolve()));
  const registration = await navigator.serviceWorker.register('/sw.js').catch(() => null);
  const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
  if (!registration || saving) return;
  await navigator.serviceWorker.ready;
  registration.active?.postMessage({ type: 'precache' });
}
