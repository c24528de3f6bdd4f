import { moreRowsText, RUN_LINK } from '../../../../shared/view/messages/report';
import { xmlSentence, xmlText } from './escape';
import { FILES } from '../../../../shared/view/fileNames';
import type { Cell, Column, Row, Table } from '../../../../shared/view/table';
import { wrappingOf } from '../../../../shared/view/wrapping';

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

function htmlRow(row: Row, columns: readonly Column[]): string {
  const cells = row.map((cell, at) => {
    const column = columns[at];
    const names = classOf(column?.kind, wrappingOf(cell, at === 0));
    if (at === 0) return `<th scope="row"${names}>${content(cell)}</th>`;
    return `<td${names} data-label="${xmlText(column?.label ?? '')}">${content(cell)}</td>`;
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
