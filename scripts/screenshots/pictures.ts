import type { View } from './camera';
import { logPage } from './logPage';
import type { Recorded } from './runs';
import { summaryPage } from './summaryPage';

/** A picture that is committed, and the page that it is taken of. */
export interface Picture {
  /** Relative to the repository. What lies below images/ goes into the package. */
  readonly file: string;
  readonly view: View;
  readonly html: string;
}

/** 1366 by 768 pixels, as the Marketplace wants screenshots; large enough to be read when it shows them smaller. */
const SCREEN: View = { width: 890, height: 500, pixelWidth: 1366 };

/** A picture as high as its page. */
const PAGE: View = { ...SCREEN, height: 'page' };

/** All pictures of these runs. */
export function toPictures({ opened, blocked, configured }: Recorded): Picture[] {
  const summaries = [configured, opened];
  return [
    { file: 'images/screenshots/pipeline-log.png', view: SCREEN, html: logPage(opened) },
    { file: 'images/screenshots/run-summary.png', view: PAGE, html: summaryPage(summaries, 'light') },
    { file: 'docs/images/run-summary-dark.png', view: PAGE, html: summaryPage(summaries, 'dark') },
    { file: 'docs/images/blocked-log.png', view: SCREEN, html: logPage(blocked) },
  ];
}
