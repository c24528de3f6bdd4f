import { gapTable, requestTable, vmTable } from '../../tasks/shared/view/auditTables';
import { drawNarrow, drawWide } from '../../tasks/shared/view/chart';
import { countGroups, type Count } from '../../tasks/shared/view/counts';
import { toCsv } from '../../tasks/shared/view/csv';
import { FILES } from '../../tasks/shared/view/fileNames';
import * as view from '../../tasks/shared/view/messages/report';
import { checkedPortsText } from '../../tasks/shared/view/messages/open';
import { activeTable, doubtTable, internetTable, permanentTable } from '../../tasks/shared/view/nowTables';
import type { Report } from '../../tasks/shared/view/report';
import type { Table } from '../../tasks/shared/view/table';
import { timeText } from '../../tasks/shared/view/words';
import * as say from '../messages/tab';
import { el, foreign, note, section, toSvg } from './dom';
import { toDownload } from './download';
import { toTable, type IsOurs } from './table';

const MOST_ROWS = 1000;
const MOST_SCOPES = 20;

/** Creates the section for the report of a step, like its HTML file. `id`: unique in the page. */
export function reportSection(id: string, heading: string, report: Report, isOurs: IsOurs): HTMLElement {
  const { gaps, lookedAt, standingPorts, mayBeOpenPorts, internetPorts } = report;
  const table = (name: Tabled, table: Table, about = ''): readonly Node[] => [
    el('h3', {}, view.HEADINGS[name]),
    ...note(about),
    toTable(table, view.HEADINGS[name], name === 'internet' ? '' : view.emptyText(name, report), isOurs),
  ];
  return section(
    id,
    heading,
    aboutReport(report),
    ...(gaps.length > 0 ? table('gaps', gapTable(report, MOST_ROWS), view.NOTES.gaps) : []),
    ...countGroups(report).map((counts) => el('dl', { class: 'counts' }, ...counts.map(toTile))),
    ...note(checkedPortsText(lookedAt.ports, lookedAt.ipVersions)),
    ...table('live', activeTable(report, MOST_ROWS)),
    ...table('permanent', permanentTable(report, MOST_ROWS), view.portsNote('permanent', standingPorts)),
    ...table('mayBeOpen', doubtTable(report, MOST_ROWS), view.portsNote('mayBeOpen', mayBeOpenPorts)),
    ...(internetPorts.length > 0
      ? table('internet', internetTable(report, MOST_ROWS), view.portsNote('internet', internetPorts))
      : []),
    el('h3', {}, view.HEADINGS.windows),
    ...note(view.NOTES.windows),
    el('figure', {}, picture(id, report, 'wide'), picture(id, report, 'narrow')),
    ...table('cover', vmTable(report.vms, report, MOST_ROWS), view.NOTES.cover),
    ...table('audit', requestTable(report.requests, MOST_ROWS), view.NOTES.audit),
    downloads(report),
  );
}

type Tabled = 'gaps' | 'live' | 'permanent' | 'mayBeOpen' | 'internet' | 'cover' | 'audit';

/** The IDs of the title and description are unique in the file, but not in a page with two reports. */
function picture(id: string, report: Report, width: 'wide' | 'narrow'): SVGElement {
  const svg = toSvg(width === 'wide' ? drawWide(report) : drawNarrow(report));
  for (const named of svg.querySelectorAll('title[id], desc[id]')) named.id = `${id}-${named.id}`;
  const names = svg.getAttribute('aria-labelledby') ?? '';
  svg.setAttribute(
    'aria-labelledby',
    names.replace(/\S+/g, (name) => `${id}-${name}`),
  );
  return svg;
}

function aboutReport({ scopes, period, generatedAt }: Report): HTMLElement {
  const more = scopes.length - MOST_SCOPES;
  const shown = scopes.slice(0, MOST_SCOPES).map((scope) => el('div', {}, foreign(scope)));
  const pairs: readonly (readonly [string, readonly (Node | string)[]])[] = [
    [view.SCOPES, [...shown, ...(more > 0 ? [view.moreText(more)] : [])]],
    [view.PERIOD, [view.periodText(timeText(period.from), timeText(period.to), period.days)]],
    [view.WRITTEN, [`${timeText(generatedAt)}. ${view.UTC_NOTE}`]],
  ];
  const rows = pairs.flatMap(([term, what]) => [el('dt', {}, term), el('dd', {}, ...what)]);
  return el('dl', { class: 'about' }, ...rows);
}

function toTile({ label, value, note, bad }: Count): HTMLElement {
  const term = el('dt', {}, label, ...(note === undefined ? [] : [el('small', {}, note)]));
  return el('div', { class: bad ? 'bad' : '' }, term, el('dd', {}, value));
}

const downloads = (report: Report): HTMLElement =>
  el(
    'p',
    { class: 'downloads' },
    toDownload(say.DOWNLOAD_JSON, FILES.json, 'application/json', () => JSON.stringify(report, null, 2)),
    toDownload(say.DOWNLOAD_CSV, FILES.csv, 'text/csv', () => toCsv(report)),
  );
