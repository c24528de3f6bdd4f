import { nameIn } from '../core/resourceIds';
import type { FoundOdd } from '../core/oddEntries';
import { formatUtc, say } from '../core/text';
import { CodedError } from '../core/errors';
import { policyName } from './policies';
import { listPorts } from './ports';

/** Messages about policy entries that cannot be read. */

const MOST_NAMED = 5;

/** Formats `web-01, port 22`, as far as an entry names them. */
const placeText = ({ entry: { vmKey, port } }: FoundOdd): string => {
  const vm = vmKey === undefined ? 'an unknown VM' : nameIn(vmKey);
  return port === undefined ? say`${vm}` : say`${vm}, port ${port}`;
};

/** Returns the warning about an entry that might be about a VM and a port of this run. */
export function oddEntry(found: FoundOdd): string {
  const { policy, entry } = found;
  switch (entry.part) {
    case 'policy':
      return (
        `A just-in-time policy in the resource group${policy.name === '' ? '' : say` (${policyName(policy)})`}` +
        say` cannot be read, and might list the VM: ${entry.problem}.`
      );
    case 'vm':
    case 'port':
      return (
        say`The policy ${policyName(policy)} has an unreadable entry for ` +
        placeText(found) +
        say`, which is ignored: ${entry.problem}.`
      );
    case 'request':
      return (
        say`The policy ${policyName(policy)} has an unreadable request for ` +
        placeText(found) +
        say`: ${entry.problem}. ` +
        `Another run might keep the port open ${untilText(entry.mayLastUntil)}. This run does not include the sources of that request, and might end it.`
      );
  }
}

const untilText = (at: number): string =>
  Number.isFinite(at) ? `until ${formatUtc(at)}` : 'until an unknown time';

/** Returns the warning about more entries that might be about this run. */
export const moreOddEntries = (count: number): string =>
  `${count === 1 ? 'One more entry' : `${String(count)} more entries`} of the policies that might be about this run cannot be read.`;

/** Returns the line about entries that cannot be about this run. */
export const oddEntriesOfOthers = (found: readonly FoundOdd[]): string =>
  `Entries for other VMs, ports, or times cannot be read and are ignored: ${listFirst(found, (one) => say`${one.policy.name}, ` + placeText(one))}.`;

/** Returns the warning about entries of a policy that is about to be written. */
export const oddEntriesWrittenBack = (found: readonly FoundOdd[]): string =>
  say`The policy ${found[0] ? policyName(found[0].policy) : ''} has entries that cannot be read. This step writes them back unchanged: ` +
  `${namedText(found)}. Azure might refuse the policy because of them.`;

/** Returns the warning about a request in a policy that is about to be changed. */
export const oddRequestDisturbed = (found: FoundOdd): string =>
  say`The policy ${policyName(found.policy)} has an unreadable request for ` +
  placeText(found) +
  say`: ${found.entry.problem}. ` +
  `It might keep the port open ${untilText(found.entry.mayLastUntil)}, and this change might end it.`;

/** JIT604: a report leaves out entries of a policy. */
export const oddEntriesLeftOut = (found: readonly FoundOdd[]): CodedError =>
  new CodedError({
    code: 'JIT604',
    seen:
      say`The policy ${found[0] ? policyName(found[0].policy) : ''} has entries that cannot be read and are left out: ` +
      `${namedText(found)}.`,
    remedy: 'Write them again with the task JitConfigurePolicy@1, or in Microsoft Defender for Cloud.',
  });

const namedText = (found: readonly FoundOdd[]): string =>
  listFirst(found, (one) => placeText(one) + say` (${one.entry.problem})`);

/** Lists the first ones, separated by semicolons, because each of them contains commas. */
const listFirst = (found: readonly FoundOdd[], toText: (one: FoundOdd) => string): string =>
  listPorts([
    ...found.slice(0, MOST_NAMED).map(toText),
    ...(found.length > MOST_NAMED ? [`${String(found.length - MOST_NAMED)} more`] : []),
  ]);
