import * as say from '../../../../shared/view/messages/report';
import { checkedPortsText } from '../../../../shared/view/messages/open';
import type { Report } from '../../../../shared/view/report';
import { gapTable, requestTable, vmTable } from '../../../../shared/view/auditTables';
import { countGroups, type Count } from '../../../../shared/view/counts';
import { xmlText } from './escape';
import { FILES } from '../../../../shared/view/fileNames';
import { HTML_STYLE, HTML_STYLE_HASH } from './htmlStyle';
import { htmlTable } from './htmlTable';
import { doubtTable, internetTable, activeTable, permanentTable } from '../../../../shared/view/nowTables';
import { toNarrowSvgElement, toSvgElement } from './svg';
import { timeText } from '../../../../shared/view/words';

const MOST_ROWS = 1000;
const MOST_SCOPES = 20;

/** No network requests, scripts, forms, or frames. The only style is allowed by its hash. */
const POLICY = `default-src 'none'; style-src '${HTML_STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/** Returns `jit-report.html`: the whole report as one page that loads nothing from the network and runs no script. */
export function toHtml(report: Report): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${xmlText(say.TITLE)}</title>`,
    `<style>${HTML_STYLE}</style>`,
    '</head>',
    '<body>',
    header(report),
    '<main>',
    ...(report.gaps.length > 0 ? [gaps(report)] : []),
    counts(report),
    section(say.HEADINGS.now, checkedPortsText(report.lookedAt.ports, report.lookedAt.ipVersions), [
      subsection(
        say.HEADINGS.live,
        '',
        htmlTable(activeTable(report, MOST_ROWS), say.HEADINGS.live, say.emptyText('live', report)),
      ),
      subsection(
        say.HEADINGS.permanent,
        say.portsNote('permanent', report.standingPorts),
        htmlTable(
          permanentTable(report, MOST_ROWS),
          say.HEADINGS.permanent,
          say.emptyText('permanent', report),
        ),
      ),
      subsection(
        say.HEADINGS.mayBeOpen,
        say.portsNote('mayBeOpen', report.mayBeOpenPorts),
        htmlTable(doubtTable(report, MOST_ROWS), say.HEADINGS.mayBeOpen, say.emptyText('mayBeOpen', report)),
      ),
      ...(report.internetPorts.length > 0
        ? [
            subsection(
              say.HEADINGS.internet,
              say.portsNote('internet', report.internetPorts),
              htmlTable(internetTable(report, MOST_ROWS), say.HEADINGS.internet, ''),
            ),
          ]
        : []),
    ]),
    section(say.HEADINGS.windows, say.NOTES.windows, [
      `<figure>${toSvgElement(report)}${toNarrowSvgElement(report)}</figure>`,
    ]),
    section(say.HEADINGS.cover, say.NOTES.cover, [
      htmlTable(vmTable(report.vms, report, MOST_ROWS), say.HEADINGS.cover, say.emptyText('cover', report)),
    ]),
    section(say.HEADINGS.audit, say.NOTES.audit, [
      htmlTable(requestTable(report.requests, MOST_ROWS), say.HEADINGS.audit, say.emptyText('audit', report)),
    ]),
    '</main>',
    `<footer>${xmlText(say.filesText(FILES.json, FILES.csv, FILES.svg))}</footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function header({ scopes, period, generatedAt }: Report): string {
  const shown = scopes.slice(0, MOST_SCOPES).map((scope) => `<div><bdi>${xmlText(scope)}</bdi></div>`);
  const more = scopes.length - shown.length;
  const about = [
    [
      say.SCOPES,
      [...shown, ...(more > 0 ? [`<div>${xmlText(say.moreRowsText(more, FILES.json))}</div>`] : [])].join(''),
    ],
    [say.PERIOD, xmlText(say.periodText(timeText(period.from), timeText(period.to), period.days))],
    [say.WRITTEN, xmlText(`${timeText(generatedAt)}. ${say.UTC_NOTE}`)],
  ];
  return [
    `<header><h1>${xmlText(say.TITLE)}</h1>`,
    `<dl class="about">${about.map(([term = '', what = '']) => `<dt>${xmlText(term)}</dt><dd>${what}</dd>`).join('')}</dl>`,
    '</header>',
  ].join('\n');
}

const gaps = (report: Report): string =>
  [
    `<section class="gaps"><h2>${xmlText(say.HEADINGS.gaps)}</h2>`,
    `<p>${xmlText(say.NOTES.gaps)}</p>`,
    htmlTable(gapTable(report, MOST_ROWS), say.HEADINGS.gaps, say.emptyText('gaps', report)),
    '</section>',
  ].join('\n');

function counts(report: Report): string {
  const tile = ({ label, value, note, bad }: Count): string =>
    `<div${bad ? ' class="bad"' : ''}><dt>${xmlText(label)}${note ? `<small>${xmlText(note)}</small>` : ''}</dt><dd>${xmlText(value)}</dd></div>`;
  const groups = countGroups(report).map((tiles) =>
    ['<dl class="counts">', ...tiles.map(tile), '</dl>'].join('\n'),
  );
  return `<section aria-label="${xmlText(say.COUNTS)}">${groups.join('\n')}</section>`;
}

const note = (text: string): string => (text === '' ? '' : `<p class="soft">${xmlText(text)}</p>`);

const section = (heading: string, about: string, parts: readonly string[]): string =>
  [`<section><h2>${xmlText(heading)}</h2>${note(about)}`, ...parts, '</section>'].join('\n');

const subsection = (heading: string, about: string, part: string): string =>
  `<h3>${xmlText(heading)}</h3>${note(about)}\n${part}`;
