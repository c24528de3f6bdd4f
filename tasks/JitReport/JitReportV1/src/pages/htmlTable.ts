import { moreRowsText, RUN_LINK } from '../../../../shared/view/messages/report';
import { xmlSentence, xmlText } from './escape';
import { FILES } from '../../../../shared/view/fileNames';
import type { Cell, Column, Row, Table } from '../../../../shared/view/table';

/** Returns a table with its heading as caption, or a sentence if there are no rows. */
export function htmlTable({ columns, rows, more }: Table, caption: string, empty: string): string {
  if (rows.length === 0) return `<p class="soft">${xmlText(empty)}</p>`;
  return [
    '<div class="table"><table>',
    `<caption>${xmlText(caption)}</caption>`,
    `<thead><tr>${columns.map(head).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((row) => htmlRow(row, columns)),
    '</tbody></table></div>',
    ...(more > 0 ? [`<p class="more">${xmlText(moreRowsText(more, FILES.json))}</p>`] : []),
  ].join('\n');
}

const head = ({ label, kind }: Column): string => `<th scope="col"${classOf(kind)}>${xmlText(label)}</th>`;

const classOf = (...names: readonly (string | undefined)[]): string => {
  const given = names.filter((name) => name !== undefined);
  return given.length === 0 ? '' : ` class="${given.join(' ')}"`;
};

/** Text with more characters in a row, without a place to break, than fit in a column. */
const LONG = /[^\s-]{27}/u;
const lengthOf = ({ lines, note }: Cell): 'long' | undefined =>
  [...lines, note ?? ''].some((text) => LONG.test(text)) ? 'long' : undefined;

function htmlRow(row: Row, columns: readonly Column[]): string {
  const cells = row.map((cell, at) => {
    const column = columns[at];
    if (at === 0) return `<th scope="row"${classOf(column?.kind, lengthOf(cell))}>${content(cell)}</th>`;
    return `<td${classOf(column?.kind, lengthOf(cell))} data-label="${xmlText(column?.label ?? '')}">${content(cell)}</td>`;
  });
  return `<tr>${cells.join('')}</tr>`;
}

/** Foreign text is isolated, so that its reading direction ends with it. */
function content({ lines, mark, note, link, sentences }: Cell): string {
  return [
    ...lines.map((line, at) => {
      const className = mark && at === 0 ? ` class="mark ${mark}"` : '';
      return `<div><bdi${className}>${sentences ? xmlSentence(line) : xmlText(line)}</bdi></div>`;
    }),
    ...(note === undefined ? [] : [`<small><bdi>${xmlText(note)}</bdi></small>`]),
    ...(link === undefined
      ? []
      : [`<div><a href="${xmlText(link)}" rel="noopener noreferrer">${xmlText(RUN_LINK)}</a></div>`]),
  ].join('');
}
