import { eachText } from '../../../../shared/core/crowd';
import { formatDuration } from '../../../../shared/core/durations';
import type { PortDifference, VmDifference } from '../plan/policyPorts';
import { entryName, type MissingPart } from '../plan/policyReadings';
import { formatPortRule, type WrongRule } from '../plan/portRules';
import type { PortRule } from '../../../../shared/core/policy';
import type { PortRequest } from '../../../../shared/core/requests';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import { listPorts, requestText, portOf } from '../../../../shared/messages/ports';
import { policyName, type PolicyPlace } from '../../../../shared/messages/policies';

/** The messages of a run that configures policies, in the order in which they appear. */

export function wrongRule({ text, problem }: WrongRule): string {
  switch (problem) {
    case 'form':
      return say`"${text}" cannot be read: enter a port, then optionally /tcp or /udp, max and a duration, and from and sources, as in 22/tcp max 3h from 203.0.113.0/24.`;
    case 'port':
      return say`"${text}" does not begin with a port: enter a number from 1 to 65535, or ssh, rdp, winrm, or winrm-https, one port per line.`;
    case 'duration':
      return say`"${text}" has a duration that cannot be read: enter a duration such as 90m, 1h30m, or PT1H30M, or a number of minutes.`;
    case 'durationRange':
      return say`"${text}" has a duration that a policy does not support: enter 5 minutes to 24 hours.`;
    case 'source':
      return say`"${text}" has a source that a policy does not support: enter only *, or IPv4 addresses and networks without host bits, comma-separated, such as 203.0.113.0/24.`;
    case 'everything':
      return say`"${text}" has all addresses as its source in another form: enter from *.`;
    case 'twice':
      return say`"${text}" names a port that another line already names.`;
    case 'removal':
      return say`"${text}" contains more than a port: to remove a port, enter a line such as -8080 or -8080/tcp.`;
  }
}

/** The heading of the section on the run's page. It is also the name of a file. */
export const POLICIES_HEADING = 'Just-in-time policies';

export const rulesNotRemoved =
  'The input does not apply with action: remove, which removes the whole VM from its policy. Leave it empty. To remove single ports, enter lines such as -8080 with action: ensure.';

export const removalsInExact =
  'Lines such as -8080 do not apply with mode: exact, which keeps only the named ports. Remove these lines.';

export const wrongPlaceholder = (text: string): string =>
  say`"${text}" has a brace that is not part of {vm}: only {vm} or $(vmName) stands for the name of each VM.`;

/** Data of Azure Resource Graph is delayed: a VM in its result might no longer exist. */
export const goneFromQuery = (vms: readonly VmId[]): string =>
  say`JIT406: vmQuery selects ${eachText(
    vms.map((vm) => ({ vm })),
    ({ vm }) => vm.name,
  )}, but Azure no longer finds ${vms.length === 1 ? 'this VM' : 'these VMs'}: the data of Azure Resource Graph is delayed. The step continues without ${vms.length === 1 ? 'it' : 'them'}.`;

/** `ensure`: the VMs that exist; `remove`: the VMs that policies list. */
type PolicyAction = 'ensure' | 'remove';

/** The number of VMs that a pattern matches, as a heading for `vmText`. */
export const patternText = (pattern: string, count: number, action: PolicyAction): string =>
  say`${pattern} matches ${count === 1 ? 'one VM' : `${String(count)} VMs`}` +
  (action === 'remove' ? ' in policies:' : ':');

export const vmText = (vm: VmId): string => say`${vm.name} (${vm.resourceGroup})`;

export const patternEmpty = (pattern: string, action: PolicyAction): string =>
  say`${pattern} matches no VM: ${action === 'remove' ? 'the policies to change list none' : 'there is none, or the service connection is not allowed to read any'}.`;

/** The same if only policies other than the named one list VMs. */
export const patternNotInNamed = (pattern: string, named: string, others: readonly PolicyPlace[]): string =>
  say`${pattern} matches no VM: no policy ${named}, from policyName, lists one. VMs there are in ${listText(others.map(policyName))}. To remove them from every policy, leave policyName empty.`;

export const reading = (vms: readonly VmId[]): string =>
  say`Looking up the just-in-time policies of ${vms.length === 1 ? `the VM ${vms[0]?.name ?? ''}` : `${String(vms.length)} VMs`}.`;

export const otherPolicyWins = (vm: VmId, found: PolicyPlace, named: string): string =>
  say`The policy ${policyName(found)} already covers ${vm.name}, and is changed instead of ${named}.`;

export const notInNamedPolicy = (vm: VmId, named: string, found: readonly PolicyPlace[]): string =>
  say`The policy ${named} from policyName does not list ${vm.name}. The VM stays in ${listText(found.map(policyName))}. To remove it from every policy, leave policyName empty.`;

export const moreNotInNamedPolicy = (count: number): string =>
  `${count === 1 ? 'One more VM is' : `${String(count)} more VMs are`} not in the policy from policyName, and ${count === 1 ? 'stays' : 'stay'} in another one.`;

/** `make`: the policy does not exist yet. `repair`: the policy has no changes, but is written. */
type PolicyOutcome = 'none' | 'make' | 'put' | 'repair' | 'delete';

/** Another policy lists a VM, and the run does not change that policy: its ports can still be requested. */
export const alsoListed = ({ vm, ref, ports }: ListedElsewhere): string =>
  say`${vm.name} is also in the policy ${policyName(ref)}` +
  (ports.length > 0 ? say`, with ${listText(ports.map(formatPortRule))}` : '') +
  '. This step does not change that.';

interface ListedElsewhere {
  readonly vm: VmId;
  readonly ref: PolicyPlace;
  readonly ports: readonly PortRule[];
}

/** The planned change of a policy, as a heading for `differenceLines`. A dry run does not make the change. */
export const policyText = (policy: PolicyPlace, kind: PolicyOutcome): string => {
  const what = {
    none: 'needs no change',
    make: 'needs to be created',
    put: 'needs to be changed',
    repair: 'needs to be written again without changes',
    delete: 'needs to be deleted, because no VM is left in it',
  };
  return say`Policy ${policyName(policy)} ${what[kind]}:`;
};

const NO_CHANGE = 'no change';
const UNREADABLE = 'a port that cannot be read';

/** The change of a VM, followed by one line for each port: `+` is added, `-` is removed, `~` is changed. */
export function differenceLines({ vm, change, ports }: VmDifference): readonly string[] {
  const heading = {
    added: say`+ ${vm.name}`,
    removed: say`- ${vm.name}`,
    changed: say`~ ${vm.name}`,
    none: say`${vm.name}: ${NO_CHANGE}`,
  };
  return [heading[change], ...ports.map((port) => `  ${portDifferenceText(port)}`)];
}

/** The heading instead of these lines for many VMs that are in no policy. */
export const notInPolicies = (count: number): string =>
  `${String(count)} VMs are in none of the policies: no change`;

/** The change of one port. */
export function portDifferenceText({ before, after }: PortDifference): string {
  if (before && after) return say`~ ${formatPortRule(after)} (before: ${formatPortRule(before)})`;
  if (after) return say`+ ${formatPortRule(after)}`;
  return say`- ${before ? formatPortRule(before) : UNREADABLE}`;
}

/** The columns of the summary that `changeRows` fills. */
export const CHANGE_COLUMNS = ['Change', 'Before', 'After'] as const;

/** Says where the rows are that the table of the summary omits. */
export const summaryCut = (shown: number, total: number): string =>
  `The first ${String(shown)} of ${String(total)} rows, starting with what changes. The file in the output diffPath has everything.`;

export const moreFailures = (count: number): string =>
  `${count === 1 ? 'One more failure is' : `${String(count)} more failures are`} in the log.`;

/**
 * The outcome of a change. `would`: a dry run makes none. `wanted`: the step failed for the policy, so it is unknown
 * whether the change was made.
 */
export type ChangeOutcome = 'done' | 'would' | 'wanted';

const VERBS: Readonly<Record<ChangeOutcome, string>> = { done: '', would: 'would be ', wanted: 'to be ' };

/** The change of a VM in the summary: one row for each port, or one row for a VM without ports. */
export function changeRows(
  { change, ports }: VmDifference,
  outcome: ChangeOutcome,
): readonly (readonly string[])[] {
  const text = (what: 'VM' | 'port', done: 'added' | 'changed' | 'removed') =>
    `${what} ${VERBS[outcome]}${done}`;
  const ofVm = change === 'none' ? NO_CHANGE : change === 'changed' ? undefined : text('VM', change);
  if (ports.length === 0) return [[ofVm ?? text('VM', 'changed'), '-', '-']];
  return ports.map(({ before, after }) => {
    const ofPort = text('port', before && after ? 'changed' : after ? 'added' : 'removed');
    const [old, now] = [before, after].map((rule) => rule && say`${formatPortRule(rule)}`);
    return [ofVm ?? ofPort, old ?? (after ? '-' : UNREADABLE), now ?? '-'];
  });
}

export const othersStay = (policy: PolicyPlace, count: number): string =>
  say`The other ${count === 1 ? 'VM' : `${String(count)} VMs`} in the policy ${policyName(policy)} ${count === 1 ? 'does' : 'do'} not change.`;

export const disturbs = (request: PortRequest): string =>
  `This change ends or contradicts an active request for ${portOf({ vm: request.port.vm, port: request.port.port })}: ${requestText(request)}.`;

export const requestGone = (request: PortRequest): string =>
  `An active request is no longer in the policy after the change, although the change did not affect its port, ${portOf({ vm: request.port.vm, port: request.port.port })}: ${requestText(request)}.`;

export const moreDisturbed = (count: number): string =>
  `This change ends or contradicts ${count === 1 ? 'one more active request' : `${String(count)} more active requests`}.`;

export const moreRequestsGone = (count: number): string =>
  `${count === 1 ? 'One more active request is' : `${String(count)} more active requests are`} no longer in the policy after the change.`;

export const nothingDiffers = 'There is nothing to change.';
export const policyDryRunDone = 'This was a dry run: nothing was changed.';

export const cameBetween = (policy: PolicyPlace): string =>
  say`Another writer changed the policy ${policyName(policy)} in the meantime. The task keeps those changes, and merges its own with them.`;

export const repairing = (policy: PolicyPlace, state: string): string =>
  say`The policy ${policyName(policy)} has no changes, but its provisioning state is ${state} after an earlier write. Until it is written again, it is unknown whether its rules are in place.`;

export const appendModeOff = (policy: PolicyPlace): string =>
  say`The policy ${policyName(policy)} has appendMode: true, with which Azure only adds VMs and removes none. It is written with appendMode: false.`;

export const policyIsBusy = (policy: PolicyPlace, waitMs: number): string =>
  say`Another write of the policy ${policyName(policy)} is in progress. The task reads and writes the policy again in ${formatDuration(waitMs)}.`;

/** VMs of others that no longer exist according to two responses, and that Azure does not accept in a policy. */
export const goneVmsLeftOut = (policy: PolicyPlace, vms: readonly string[]): string =>
  say`Azure does not accept the policy ${policyName(policy)} with VMs that no longer exist according to two responses: ${listText(vms)}. The policy is written without them.`;

export const goneVmsDropped = (policy: PolicyPlace, vms: readonly string[]): string =>
  say`Azure removed VMs from the policy ${policyName(policy)} that no longer exist according to two responses: ${listText(vms)}.`;

export const writing = (policy: PolicyPlace, kind: 'put' | 'delete'): string =>
  kind === 'put'
    ? say`Writing the policy ${policyName(policy)}.`
    : say`Deleting the policy ${policyName(policy)}.`;

export const awaitingPolicy = (policy: PolicyPlace, state: string): string =>
  say`Azure accepted the policy ${policyName(policy)}. Waiting while its provisioning state is ${state}.`;

export const policyReady = (policy: PolicyPlace): string =>
  say`The policy ${policyName(policy)} is in place.`;
export const policyDeleted = (policy: PolicyPlace): string =>
  say`The policy ${policyName(policy)} is deleted.`;

export const vmsLost = (policy: PolicyPlace, vms: readonly string[]): string =>
  say`VMs that this step did not change are missing from the policy ${policyName(policy)} after it was written. The task restores them: ${listText(vms)}.`;

/** A contradiction between two responses about one policy. `missing` is what the policy's own response lacks. */
export function contradiction(found: boolean, listed: boolean, missing: readonly MissingPart[]): string {
  if (!found) return 'the list of the resource group contains it, but reading it returns no policy';
  if (!listed) return 'reading it returns it, but the list of the resource group does not contain it';
  return `in the list of the resource group it contains ${listPorts(missing.map(missingText))}, but not when it is read itself`;
}

export const readAgain = (policy: PolicyPlace, waitMs: number): string =>
  say`Two responses about the policy ${policyName(policy)} contradict each other. The task reads both again in ${formatDuration(waitMs)}.`;

/** VMs or ports that are missing in two responses, and are not written back. */
export const vmsGone = (policy: PolicyPlace, parts: readonly MissingPart[]): string =>
  say`The policy ${policyName(policy)} contained these when this step read it first, and according to two responses it no longer does: ` +
  `${listPorts(parts.map(missingText))}. This step did not remove them, and does not write them back. Check that someone removed them on purpose.`;

const missingText = ({ entry, ports }: MissingPart): string =>
  ports
    ? say`${ports.length === 1 ? 'port' : 'ports'} ${listText(ports.map(({ number }) => String(number)))} of ${entryName(entry)}`
    : say`${entryName(entry)}`;
