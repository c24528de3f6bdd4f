import { markdownSentence, markdownText, safeText } from '../../../../shared/core/text';
import { moreRowsText, RUN_LINK } from '../../../../shared/view/messages/report';
import { FILES } from '../../../../shared/view/fileNames';
import { shorten } from '../../../../shared/view/shorten';
import type { Cell, Column, Row, Table } from '../../../../shared/view/table';

/** The maximum length of one line of a cell, in characters. The files have the rest. */
const LONGEST_LINE = 120;
/** The maximum size of one table, in bytes: all seven tables and the picture stay under 200 kB. */
const BUDGET = 24_000;

/** Returns a table, or a sentence if it has no rows. Rows that would make it too long are counted instead of shown. */
export function markdownTable({ columns, rows, more }: Table, empty: string): readonly string[] {
  if (rows.length === 0) return [empty];
  const shown: string[] = [];
  let left = BUDGET;
  for (const row of rows.map(markdownRow)) {
    left -= bytesOf(row);
    if (left < 0) break;
    shown.push(row);
  }
  const rest = more + rows.length - shown.length;
  return [
    `| ${columns.map(({ label }) => label).join(' | ')} |`,
    `| ${columns.map(ruler).join(' | ')} |`,
    ...shown,
    ...(rest > 0 ? ['', moreRowsText(rest, FILES.json)] : []),
  ];
}

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

const ruler = ({ kind }: Column): string => (kind === 'number' ? '---:' : '---');

const markdownRow = (row: Row): string => `| ${row.map(markdownCell).join(' | ')} |`;

const BOLD: readonly Cell['mark'][] = ['bad', 'warn'];

function markdownCell({ lines, mark, note, link, sentences }: Cell): string {
  return [
    ...lines.map((line, at) => {
      const text = sentences ? markdownSentence(line) : shownText(line);
      return at === 0 && text !== '' && BOLD.includes(mark) ? `**${text}**` : text;
    }),
    ...(note === undefined ? [] : [shownText(note)]),
    ...(link === undefined ? [] : [`[${RUN_LINK}](${link.replaceAll('&', '&amp;')})`]),
  ].join('<br>');
}

/** Returns foreign text as a cell can show it. */
export const shownText = (foreign: string): string => markdownText(shorten(safeText(foreign), LONGEST_LINE));
