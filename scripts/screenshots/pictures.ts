import path from 'node:path';
import { readTaskDefinition } from '../../test/support/agent/taskDefinition';
import { ROOT } from '../stage';
import type { View } from './camera';
import { editorPage } from './editorPage';
import { logPage } from './logPage';
import type { Recorded } from './runs';
import { summaryPage } from './summaryPage';

/** A committed picture, and the page that it shows. */
export interface Picture {
  /** Relative to the repository. Files below images/ are packed. */
  readonly file: string;
  readonly view: View;
  readonly html: string;
}

/**
 * As wide as the Marketplace requires for screenshots, enlarged so that they can be read when it shows them smaller.
 */
const PAGE: View = { width: 890, height: 'page', pixelWidth: 1366, colours: 16 };

/** A complete form. */
const FORM: View = { width: 1000, height: 'page', pixelWidth: 1366, colours: 32 };

/**
 * Pictures that the Marketplace shows next to the page, in the required size of exactly 1366 x 768 pixels. They show
 * things that the page does not show.
 */
const GALLERY: View = { width: 1024, height: 576, pixelWidth: 1366, pixelHeight: 768, colours: 16 };

/** The upper part of a long page. */
const REPORT: View = { width: 1100, height: 1130, pixelWidth: 1366, colours: 64 };

/** As wide as a small phone, and as an A4 sheet at 96 dots per inch. */
const PHONE: View = { width: 360, height: 2100, pixelWidth: 720, colours: 64 };
const SHEET: View = { width: 794, height: 'page', pixelWidth: 1191, colours: 64, printed: true };

/** Returns all pictures of these runs. */
export function toPictures({ opened, blocked, checked, configured, reported }: Recorded): Picture[] {
  const summaries = [configured, opened];
  const openPorts = readTaskDefinition(path.join(ROOT, 'tasks/JitOpenPorts/JitOpenPortsV1'));
  const form = editorPage(openPorts, {
    connectedServiceName: 'my-connection',
    vmResourceId: 'rg-app/web-01',
  });
  return [
    { file: 'images/screenshots/pipeline-log.png', view: PAGE, html: logPage(opened) },
    { file: 'images/screenshots/blocked-log.png', view: GALLERY, html: logPage(blocked) },
    { file: 'images/screenshots/report.png', view: GALLERY, html: reported.page },
    { file: 'docs/images/report.png', view: REPORT, html: reported.page },
    { file: 'docs/images/report-dark.png', view: { ...REPORT, dark: true }, html: reported.page },
    { file: 'docs/images/report-phone.png', view: PHONE, html: reported.page },
    { file: 'docs/images/report-print.png', view: SHEET, html: reported.page },
    { file: 'docs/images/run-summary.png', view: PAGE, html: summaryPage(summaries, 'light') },
    { file: 'docs/images/run-summary-dark.png', view: PAGE, html: summaryPage(summaries, 'dark') },
    { file: 'docs/images/check-list.png', view: PAGE, html: summaryPage([checked], 'light') },
    { file: 'docs/images/classic-editor.png', view: FORM, html: form },
    { file: 'docs/images/blocked-log.png', view: { ...PAGE, colours: 64 }, html: logPage(blocked) },
  ];
}
