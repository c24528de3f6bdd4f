import type { Cell, Column, Table } from '../../tasks/shared/view/table';
import { RUN_LINK } from '../../tasks/shared/view/messages/report';
import { wrappingOf } from '../../tasks/shared/view/wrapping';
import { moreRows } from '../messages/tab';
import { el, foreign } from './dom';

/** Whether an address in a document becomes a link. */
export type IsOurs = (address: string) => boolean;

/**
 * Creates a table with its heading as caption, or a sentence if it has no rows. On a narrow page, each row becomes a
 * card whose cells name their columns.
 */
export function toTable(
  { columns, rows, more }: Table,
  caption: string,
  empty: string,
  isOurs: IsOurs,
): HTMLElement {
  if (rows.length === 0) return el('p', { class: 'soft' }, empty);
  const table = el(
    'table',
    {},
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, ...columns.map(head))),
    el(
      'tbody',
      {},
      ...rows.map((row) => el('tr', {}, ...row.map((cell, at) => toCell(cell, columns[at], at, isOurs)))),
    ),
  );
  return el(
    'div',
    { class: 'table' },
    table,
    ...(more > 0 ? [el('p', { class: 'soft' }, moreRows(more))] : []),
  );
}

const head = ({ label, kind }: Column): HTMLElement => el('th', { scope: 'col', class: kind ?? '' }, label);

function toCell(cell: Cell, column: Column | undefined, at: number, isOurs: IsOurs): HTMLElement {
  const names = [column?.kind, wrappingOf(cell, at === 0)].filter((name) => name !== undefined);
  const attributes = { class: names.join(' '), 'data-label': column?.label ?? '' };
  return at === 0
    ? el('th', { ...attributes, scope: 'row' }, ...content(cell, isOurs))
    : el('td', attributes, ...content(cell, isOurs));
}

/** Returns the parts of a cell, one below the other. */
export function content({ lines, mark, note, link }: Cell, isOurs: IsOurs): readonly Node[] {
  return [
    ...lines.map((line, at) => el('div', {}, foreign(line, mark && at === 0 ? `mark ${mark}` : ''))),
    ...(note === undefined ? [] : [el('small', {}, foreign(note))]),
    ...(link !== undefined && isOurs(link) ? [el('div', {}, toLink(link, RUN_LINK))] : []),
  ];
}

/**
 * Creates a link that opens in a new tab.
 *
 * @param address one that `IsOurs` accepted
 */
export const toLink = (address: string, words: string): HTMLElement =>
  el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, words);
