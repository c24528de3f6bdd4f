import { failure, type CodedError } from '../core/errors';
import type { VmId } from '../core/resourceIds';
import { azureWords, listText, say } from '../core/text';
import { toGraphQuery } from '../core/vmQuery';

/** Messages about a query for VMs and its results. */

const MOST_NAMED = 10;

/** Where a query is wrong, as far as Azure reports it. */
export interface QueryTrouble {
  /** The line of the filter, from 1. */
  readonly line: number | undefined;
  /** The position in the line, as Azure counts it. */
  readonly position: number | undefined;
  readonly token: string;
  readonly expected: string;
  readonly code: string;
  /** Empty if it says no more than the code. */
  readonly message: string;
}

export const querying = (subscriptions: number): string =>
  `Looking up the VMs that vmQuery selects, in ${
    subscriptions === 0
      ? 'all subscriptions that the service connection can read'
      : subscriptions === 1
        ? 'one subscription'
        : `${String(subscriptions)} subscriptions`
  }.`;

export const queryFound = (count: number): string =>
  `vmQuery selects ${count === 1 ? 'one VM' : `${String(count)} VMs`}`;

export const vmLine = ({ subscriptionId, resourceGroup, name }: VmId): string =>
  say`${resourceGroup}/${name} in the subscription ${subscriptionId}`;

export const strangeRows = (count: number): string =>
  `Azure Resource Graph names ${count === 1 ? 'one VM' : `${String(count)} VMs`} by an ID that is not the ID of a VM. The task ignores such entries.`;

export const nothingSelected = 'vmQuery selects no VM, which allowEmpty allows. There is nothing to do.';

export const noVmSelected = (filter: string): CodedError =>
  failure(
    'JIT406',
    say`vmQuery selects no VM. The query was: ${toGraphQuery(filter)}.`,
    'Azure omits VMs that the service connection is not allowed to read, without an error. Check the filter and the subscriptions, and that the identity has a role there. New VMs and tags take about a minute to appear. To accept an empty result, set allowEmpty: true.',
  );

export const tooManySelected = (total: number, most: number, first: readonly VmId[]): CodedError =>
  failure(
    'JIT101',
    say`maxVms: vmQuery selects ${total} VMs, but only ${most} are allowed. The first ones are ${listText(first.slice(0, MOST_NAMED).map(({ name }) => name))}.`,
    'Narrow the filter, or increase maxVms to include all of them.',
  );

/** @param words Azure's own */
export const queryRefused = (
  filter: string,
  { line, position, token, expected, code, message }: QueryTrouble,
  words: string,
): CodedError => {
  const at = line === undefined ? '' : ` at line ${String(line)}, position ${String(position)}`;
  const near = token === '' ? '' : say`, near "${token}"`;
  const missing = expected === '' ? '' : say`, where ${expected} is expected`;
  return failure(
    'JIT101',
    say`vmQuery: Azure Resource Graph rejected the filter ${filter}: ` +
      (code === ''
        ? `${azureWords(words)}.`
        : say`${code}` + `${at}${near}${missing}${message === '' ? '' : `: ${azureWords(message)}`}.`),
    "Correct the filter. It is one condition in the Kusto Query Language, such as tags.env == 'test' and name startswith 'web-'. Test it in Azure Resource Graph Explorer.",
  );
};
