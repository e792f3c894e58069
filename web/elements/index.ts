// Makes the page's own elements known to the browser. Imported only in the browser, after Vue has taken over the page.
import { CvCheck } from './cv_check';
import { CvDemo } from './cv_demo';
import { CvResult } from './cv_result';

export function define_elements(): void {
  if (customElements.get('cv-demo')) return;
  customElements.define('cv-demo', CvDemo);
  customElements.define('cv-check', CvCheck);
  customElements.define('cv-result', CvResult);
}
