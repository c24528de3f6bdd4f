import type { Report } from '../../tasks/shared/view/report';
import { numberText } from '../../tasks/shared/view/messages/report';
import { timeText } from '../../tasks/shared/view/words';
import * as say from '../messages/widget';
import { toDays } from '../read/days';
import { daysPicture } from './days';
import { el, foreign } from './dom';
import { toLink } from './table';

/** A run with a report. */
export interface ReportedRun {
  readonly name: string;
  /** An address in the page's own organization. */
  readonly address: string;
  readonly report: Report;
  /** Whether there can be no later report. */
  readonly isLatest: boolean;
}

/** Returns the counts of a report, its last days, and a link to its run. */
export function widgetPage({ name, address, report, isLatest }: ReportedRun): HTMLElement {
  const { counts, gaps, generatedAt } = report;
  /** As in the report, only what needs action is red: VMs that are not configured can be intended. */
  const tile = (key: keyof typeof say.TILES, isBad: boolean, note = ''): HTMLElement =>
    el(
      'div',
      { class: isBad ? 'bad' : '' },
      el('dt', {}, say.TILES[key], ...(note === '' ? [] : [el('small', { class: 'bad' }, note)])),
      el('dd', {}, numberText(counts[key])),
    );
  const days = toDays(report);
  const total = days.reduce((sum, { count }) => sum + count, 0);
  return el(
    'div',
    { class: 'content' },
    el(
      'dl',
      { class: 'counts' },
      tile('configured', false),
      tile('notConfigured', false, counts.recommended > 0 ? say.shouldBeText(counts.recommended) : ''),
      tile('openPorts', false),
      tile('openToInternet', counts.openToInternet > 0),
    ),
    el('figure', {}, daysPicture(days), el('figcaption', {}, say.daysText(total, days.length))),
    el(
      'p',
      { class: 'run' },
      toLink(address, say.runText(name)),
      ' ',
      foreign(say.writtenText(timeText(generatedAt)), 'soft'),
      ...(isLatest ? [] : [' ', el('strong', { class: 'bad' }, say.MAYBE_NEWER)]),
      ...(gaps.length > 0 ? [' ', el('strong', { class: 'bad' }, say.INCOMPLETE)] : []),
    ),
  );
}
