import { failure, type CodedError } from '../core/errors';
import type { VmId } from '../core/resourceIds';
import { azureWords, listText, say } from '../core/text';
import { toGraphQuery } from '../core/vmQuery';

/** What is said of a query for VMs, and of what it finds. */

const MOST_NAMED = 10;

/** Where a query makes no sense, as far as Azure tells. */
export interface QueryTrouble {
  /** Of the filter, from 1 on. */
  readonly line: number | undefined;
  /** In the line, as Azure counts. */
  readonly position: number | undefined;
  readonly token: string;
  readonly expected: string;
  readonly code: string;
}

export const querying = (subscriptions: number): string =>
  `Looking up the VMs that vmQuery selects, in ${
    subscriptions === 0
      ? 'all subscriptions that the service connection sees'
      : subscriptions === 1
        ? 'one subscription'
        : `${String(subscriptions)} subscriptions`
  }.`;

export const queryFound = (count: number): string =>
  `vmQuery selects ${count === 1 ? 'one VM' : `${String(count)} VMs`}`;

export const vmLine = ({ subscriptionId, resourceGroup, name }: VmId): string =>
  say`${resourceGroup}/${name} in the subscription ${subscriptionId}`;

export const strangeRows = (count: number): string =>
  `Azure Resource Graph names ${count === 1 ? 'one VM' : `${String(count)} VMs`} by an id that is no id of a VM; what it names that way is left out.`;

export const nothingSelected = 'vmQuery selects no VM, which allowEmpty allows. Nothing is done.';

export const noVmSelected = (filter: string): CodedError =>
  failure(
    'JIT406',
    say`vmQuery selects no VM. The query was: ${toGraphQuery(filter)}.`,
    'Azure leaves out without a word what the service connection may not read: check the filter, the subscriptions, and that its identity has a role there. New VMs and tags take a minute to be found. Set allowEmpty: true if finding none is fine.',
  );

export const tooManySelected = (total: number, most: number, first: readonly VmId[]): CodedError =>
  failure(
    'JIT101',
    say`maxVms: vmQuery selects ${total} VMs, and ${most} are allowed. The first ones are ${listText(first.slice(0, MOST_NAMED).map(({ name }) => name))}.`,
    'Narrow the filter, or raise maxVms if all of them are meant.',
  );

/** @param words Azure's own */
export const queryRefused = (
  filter: string,
  { line, position, token, expected, code }: QueryTrouble,
  words: string,
): CodedError => {
  const at = line === undefined ? '' : ` at line ${String(line)}, position ${String(position)}`;
  const near = token === '' ? '' : say`, near "${token}"`;
  const missing = expected === '' ? '' : say`, where ${expected} is expected`;
  return failure(
    'JIT101',
    say`vmQuery: Azure Resource Graph does not understand the filter ${filter}: ` +
      (code === '' ? `${azureWords(words)}.` : say`${code}` + `${at}${near}${missing}.`),
    "Correct the filter. It is one condition in the Kusto language, such as tags.env == 'test' and name startswith 'web-'. Try it in Azure Resource Graph Explorer.",
  );
};
