import { nameIn } from '../core/resourceIds';
import type { FoundOdd } from '../core/oddEntries';
import { formatUtc, listText, say } from '../core/text';
import { CodedError } from '../core/errors';
import { policyName } from './policies';

/** What is said of entries in policies that make no sense. */

const MOST_NAMED = 5;

/** `web-01 port 22`, as far as an entry names them. */
const placeText = ({ entry: { vmKey, port } }: FoundOdd): string => {
  const vm = vmKey === undefined ? 'a VM that cannot be read' : nameIn(vmKey);
  return port === undefined ? say`${vm}` : say`${vm} port ${port}`;
};

/** An entry that may be about a VM and a port of this run, as a warning. */
export function oddEntry(found: FoundOdd): string {
  const { policy, entry } = found;
  switch (entry.part) {
    case 'policy':
      return (
        `A just-in-time policy of the resource group${policy.name === '' ? '' : say` (${policyName(policy)})`}` +
        say` cannot be read, and may list the VM: ${entry.problem}.`
      );
    case 'vm':
    case 'port':
      return (
        say`The policy ${policyName(policy)} has an entry for ` +
        placeText(found) +
        say` that makes no sense, and is left out: ${entry.problem}.`
      );
    case 'request':
      return (
        say`The policy ${policyName(policy)} has a request for ` +
        placeText(found) +
        say` that makes no sense: ${entry.problem}. ` +
        `Another run may hold the port ${untilText(entry.mayLastUntil)}. This run takes nothing of it over, and may cut it off.`
      );
  }
}

const untilText = (at: number): string =>
  Number.isFinite(at) ? `until ${formatUtc(at)}` : 'open, and nothing tells until when';

/** Entries that cannot be about this run, as a line. */
export const oddEntriesOfOthers = (found: readonly FoundOdd[]): string =>
  say`Entries of other VMs, ports or times make no sense, and are left out: ${listText(found.slice(0, MOST_NAMED).map((one) => `${one.policy.name}, ${placeText(one)}`))}` +
  (found.length > MOST_NAMED ? say` and ${found.length - MOST_NAMED} more.` : '.');

/** Entries of a policy that is about to be written, as a warning. */
export const oddEntriesWrittenBack = (found: readonly FoundOdd[]): string =>
  say`The policy ${found[0] ? policyName(found[0].policy) : ''} has entries that make no sense, and that this step writes back as they were read: ` +
  `${namedText(found)}. Azure may refuse the policy because of them.`;

/** A request in a policy that is about to be changed, as a warning. */
export const oddRequestDisturbed = (found: FoundOdd): string =>
  say`The policy ${policyName(found.policy)} has a request for ` +
  placeText(found) +
  say` that makes no sense: ${found.entry.problem}. ` +
  `It may hold the port ${untilText(found.entry.mayLastUntil)}, and this change may end it.`;

/** JIT604: what a report leaves out of a policy. */
export const oddEntriesLeftOut = (found: readonly FoundOdd[]): CodedError =>
  new CodedError({
    code: 'JIT604',
    seen:
      say`The policy ${found[0] ? policyName(found[0].policy) : ''} has entries that make no sense, and that are left out: ` +
      `${namedText(found)}.`,
    remedy: 'Write them anew with the task JitConfigurePolicy@1, or in Microsoft Defender for Cloud.',
  });

const namedText = (found: readonly FoundOdd[]): string =>
  listText(found.slice(0, MOST_NAMED).map((one) => placeText(one) + say` (${one.entry.problem})`)) +
  (found.length > MOST_NAMED ? say` and ${found.length - MOST_NAMED} more` : '');
