import { eachText } from '../../../../shared/core/crowd';
import { formatDuration } from '../../../../shared/core/durations';
import type { PortDifference, VmDifference } from '../plan/policyPorts';
import { entryName, type MissingPart } from '../plan/policyReadings';
import { formatPortRule, type WrongRule } from '../plan/portRules';
import type { PortRequest } from '../../../../shared/core/requests';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import { requestText, portText } from '../../../../shared/messages/ports';
import { policyName, type PolicyPlace } from '../../../../shared/messages/policies';

/** The sentences of a run that configures policies, in the order in which they are read. */

export function wrongRule({ text, problem }: WrongRule): string {
  switch (problem) {
    case 'form':
      return say`"${text}" cannot be read: write a port, and after it /tcp or /udp, max and a duration, from and sources, as in 22/tcp max 3h from 203.0.113.0/24.`;
    case 'port':
      return say`"${text}" begins with no port: write one number from 1 to 65535, or ssh, rdp, winrm or winrm-https; each port has its own line.`;
    case 'duration':
      return say`"${text}" has a duration that cannot be read: write 90m, 1h30m, PT1H30M or a number of minutes.`;
    case 'durationRange':
      return say`"${text}" has a duration that a policy cannot have: 5 minutes to 24 hours are possible.`;
    case 'source':
      return say`"${text}" has a source that a policy cannot have: write * alone, or IPv4 addresses and networks without host bits by comma, such as 203.0.113.0/24.`;
    case 'twice':
      return say`"${text}" speaks of a port that another line has already.`;
    case 'removal':
      return say`"${text}" says more than a port: write -8080 or -8080/tcp to take it away.`;
  }
}

/** The heading of the section on the run's page. It does as the name of a file. */
export const POLICIES_HEADING = 'Just-in-time policies';

export const rulesNotRemoved =
  'It has no meaning with action: remove, which takes the whole VM out of its policy: leave it empty; to take single ports away, write lines such as -8080 with action: ensure.';

export const removalsInExact =
  'Lines such as -8080 have no meaning with mode: exact, where only the ports that are named stay: leave them out.';

export const wrongPlaceholder = (text: string): string =>
  say`"${text}" has a brace that begins or ends no {vm}: only {vm}, or $(vmName), stands for the name of each VM.`;

/** A query lags behind: what it names may be gone. */
export const goneFromQuery = (vms: readonly VmId[]): string =>
  say`JIT406: Azure does not know ${eachText(
    vms.map((vm) => ({ vm })),
    ({ vm }) => vm.name,
  )} any more, which vmQuery selects: Azure Resource Graph lags behind. Left out.`;

/** `ensure`: of the VMs that are there; `remove`: of those that policies list. */
type PolicyAction = 'ensure' | 'remove';

/** What a pattern stands for, as a heading for `vmText`. */
export const patternText = (pattern: string, count: number, action: PolicyAction): string =>
  say`${pattern} stands for ${count === 1 ? 'one VM' : `${String(count)} VMs`}` +
  (action === 'remove' ? ' in policies:' : ':');

export const vmText = (vm: VmId): string => say`${vm.name} (${vm.resourceGroup})`;

export const patternEmpty = (pattern: string, action: PolicyAction): string =>
  say`${pattern} stands for no VM: ${action === 'remove' ? 'no policy that is meant lists one' : 'there is none, or the service connection may see none'}.`;

export const reading = (vms: readonly VmId[]): string =>
  say`Looking up the just-in-time policies of ${vms.length === 1 ? `the VM ${vms[0]?.name ?? ''}` : `${String(vms.length)} VMs`}.`;

export const otherPolicyWins = (vm: VmId, found: PolicyPlace, named: string): string =>
  say`${vm.name} is under the policy ${policyName(found)} already, which is changed instead of ${named}.`;

export const notInNamedPolicy = (vm: VmId, named: string, found: readonly PolicyPlace[]): string =>
  say`The policy ${named}, which policyName names, does not list ${vm.name}, which stays under ${listText(found.map(policyName))}. Leave policyName empty to take it out of every policy.`;

/** `make`: a policy that is not there yet. `repair`: nothing differs, and it is written all the same. */
type PolicyOutcome = 'none' | 'make' | 'put' | 'repair' | 'delete';

/** What a policy is about to become, as a heading for `differenceText`. */
export const policyText = (policy: PolicyPlace, kind: PolicyOutcome): string => {
  const what = {
    none: 'stays as it is',
    make: 'is made',
    put: 'is changed',
    repair: 'is written once more as it is',
    delete: 'is deleted, because no VM is left in it',
  };
  return say`Policy ${policyName(policy)} ${what[kind]}:`;
};

/** What becomes of one VM: `+` is added, `-` is removed, `~` is changed. */
export function differenceText({ vm, change, ports }: VmDifference): string {
  const what = {
    added: say`+ ${vm.name}`,
    removed: say`- ${vm.name}`,
    changed: say`~ ${vm.name}`,
    none: say`${vm.name}: nothing differs`,
  };
  const problems = ports.map(portDifferenceText).join('; ');
  return problems === '' ? what[change] : `${what[change]}: ${problems}`;
}

/** What becomes of one port. */
export function portDifferenceText({ before, after }: PortDifference): string {
  if (before && after) return say`~ ${formatPortRule(before)} becomes ${formatPortRule(after)}`;
  if (after) return say`+ ${formatPortRule(after)}`;
  return before ? say`- ${formatPortRule(before)}` : '- a port that cannot be read';
}

export const othersStay = (policy: PolicyPlace, count: number): string =>
  say`The other ${count === 1 ? 'VM' : `${String(count)} VMs`} in the policy ${policyName(policy)} ${count === 1 ? 'stays' : 'stay'} as ${count === 1 ? 'it is' : 'they are'}.`;

export const disturbs = (request: PortRequest): string =>
  `An active request is ended or contradicted by this change: ${portText({ vm: request.port.vm, port: request.port.port })}, ${requestText(request)}.`;

export const requestGone = (request: PortRequest): string =>
  `An active request is not in the policy any more after the change, although nothing about its port was changed: ${portText({ vm: request.port.vm, port: request.port.port })}, ${requestText(request)}.`;

export const nothingDiffers = 'Nothing differs, and nothing was changed.';
export const policyDryRunDone = 'This was a dry run: nothing was changed.';

export const cameBetween = (policy: PolicyPlace): string =>
  say`Another writer changed the policy ${policyName(policy)} in the meantime; its changes are kept, and this is what differs now.`;

export const repairing = (policy: PolicyPlace, state: string): string =>
  say`Nothing differs in the policy ${policyName(policy)}, but an earlier write left its provisioning state at ${state}: until it is written again, nobody knows whether its rules are in place.`;

export const appendModeOff = (policy: PolicyPlace): string =>
  say`The policy ${policyName(policy)} says appendMode: true, by which Azure would add to its VMs and take none away. It is written with appendMode: false.`;

export const policyIsBusy = (policy: PolicyPlace, waitMs: number): string =>
  say`Another write of the policy ${policyName(policy)} is under way; it is read and written again in ${formatDuration(waitMs)}.`;

/** VMs of others that are gone by two answers, and that Azure does not take in a policy. */
export const goneVmsLeftOut = (policy: PolicyPlace, vms: readonly string[]): string =>
  say`Azure does not take the policy ${policyName(policy)} with VMs that do not exist any more, by two answers: ${listText(vms)}. The policy is written without them.`;

export const goneVmsDropped = (policy: PolicyPlace, vms: readonly string[]): string =>
  say`Azure left out of the policy ${policyName(policy)} VMs that do not exist any more, by two answers: ${listText(vms)}.`;

export const writing = (policy: PolicyPlace, kind: 'put' | 'delete'): string =>
  kind === 'put'
    ? say`Writing the policy ${policyName(policy)}.`
    : say`Deleting the policy ${policyName(policy)}.`;

export const awaitingPolicy = (policy: PolicyPlace, state: string): string =>
  say`Azure has the policy ${policyName(policy)}; waiting while its state is ${state}.`;

export const policyReady = (policy: PolicyPlace): string =>
  say`The policy ${policyName(policy)} is in place.`;
export const policyDeleted = (policy: PolicyPlace): string =>
  say`The policy ${policyName(policy)} is deleted.`;

export const vmsLost = (policy: PolicyPlace, vms: readonly string[]): string =>
  say`VMs that this step did not touch are missing from the policy ${policyName(policy)} after it was written, and are put back as they were: ${listText(vms)}.`;

/** Two answers about one policy that cannot both be right; `missing` is what its own answer leaves out. */
export function contradiction(found: boolean, listed: boolean, missing: readonly MissingPart[]): string {
  if (!found) return 'the list of the group has it, and reading it says that there is none';
  if (!listed) return 'reading it gives it, and the list of the group does not have it';
  return say`the list of the group shows ${listText(missing.map(missingText))} in it, and reading it does not`;
}

export const readAgain = (policy: PolicyPlace, waitMs: number): string =>
  say`Two answers about the policy ${policyName(policy)} contradict each other; both are read again in ${formatDuration(waitMs)}.`;

/** VMs or ports that are gone by two answers, and are not written back. */
export const vmsGone = (policy: PolicyPlace, parts: readonly MissingPart[]): string =>
  say`The policy ${policyName(policy)} showed these a moment ago, and by two answers it does not have them any more: ${listText(parts.map(missingText))}. This step did not remove them and does not write them back; check that somebody meant to.`;

const missingText = ({ entry, ports }: MissingPart): string =>
  entryName(entry) + (ports ? ` port ${ports.map(({ number }) => String(number)).join(', ')}` : '');

/** The change of a VM for the summary: `added: 22 max 3h from *`. */
export const changeText = ({ change, ports }: VmDifference): string =>
  [change === 'none' ? 'nothing differs' : change, ports.map(portDifferenceText).join('; ')]
    .filter(Boolean)
    .join(': ');
