import { MARKS } from '../core/checks';
import type { ClosedPort, ConfiguredPolicy, ConfiguredVm, OpenedPort, ShownCheck } from './document';

/** The order of the entries in a list that is cut: those that need attention come first. */

/** Compares entries by the position of their words in a list. */
const byWord =
  <T>(words: readonly string[], wordOf: (entry: T) => string) =>
  (one: T, other: T): number =>
    words.indexOf(wordOf(one)) - words.indexOf(wordOf(other));

export const openedOrder = byWord<OpenedPort>(
  ['notOpen', 'unknown', 'requested', 'initiated', 'open'] satisfies readonly OpenedPort['state'][],
  ({ state }) => state,
);

export const closedOrder = byWord<ClosedPort>(
  ['open', 'closed', 'neverOpened', 'vmGone'] satisfies readonly ClosedPort['state'][],
  ({ state }) => state,
);

export const checkOrder = byWord<ShownCheck>(MARKS, ({ mark }) => mark);

export const policyOrder = byWord<ConfiguredPolicy>(
  ['failed', 'unknown', 'changed', 'unchanged'] satisfies readonly ConfiguredPolicy['state'][],
  ({ state }) => state,
);

/** VMs whose ports stay as they are come last. */
export const vmOrder = (one: ConfiguredVm, other: ConfiguredVm): number =>
  Number(one.change === 'none') - Number(other.change === 'none');
