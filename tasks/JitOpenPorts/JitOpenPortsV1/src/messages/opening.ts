import type { Access, WaitedAccess } from '../plan/access';
import type { Goal, Pending } from '../plan/pending';
import { formatDuration, roundedText } from '../../../../shared/core/durations';
import { blockersBesideGrant } from '../plan/explain';
import type { VmPlan } from '../plan/plan';
import { textsOf, type Prefix } from '../../../../shared/core/prefixes';
import type { RuleProtocol } from '../../../../shared/core/policy';
import type { PortRequest } from '../../../../shared/core/requests';
import { formatUtc, listText, say } from '../../../../shared/core/text';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { InitiatePort } from '../plan/requestBody';
import type { CodedError, RefusedError } from '../../../../shared/core/errors';
import { hasFailures, joinFailures } from '../../../../shared/core/joinFailures';
import { initiateText } from './requesting';
import { blockersText } from './waiting';
import { requestText, sourceText, portText } from '../../../../shared/messages/ports';

/** The lines of a run that opens ports, in the order in which they are read. */

export const reading = (vms: readonly VmId[]): string =>
  say`Looking up ${vms.length === 1 ? `the VM ${vms[0]?.name ?? ''}` : `${String(vms.length)} VMs`}: just-in-time policies, network, source address.`;

export const agentAddress = (address: string): string => say`This agent's public address is ${address}.`;

export const unreadable = (missing: RefusedError): string =>
  `The VM's network cannot be read as a whole: ${missing.why}. Without it, host is the private address or empty, or the rules cannot be read.`;

export const coveredBy = ({ vm, policy }: VmPlan): string =>
  say`${vm.vm.name}: policy ${policy.name} in ${policy.location} allows ` +
  listText(
    vm.ports.map(
      ({ port, protocol, sources, maxDurationMs }) =>
        `${portOfRule(port, protocol)} ${sourceText(sources)} for up to ${formatDuration(maxDurationMs)}`,
    ),
  ) +
  '.';

/** `22`, or `22 (TCP)` where the policy has it for one protocol. */
const portOfRule = (port: number, protocol: RuleProtocol): string =>
  protocol === '*' ? say`${port}` : say`${port} (${protocol})`;

export const reused = (access: Access, isOwn: boolean): string =>
  `Using again: ${portText(access)} ${sourceText(access.sources)} until ${formatUtc(access.endsAt)}, by ${isOwn ? 'an earlier request of this step' : "another run's request, which that run may close before its end"}.`;

export const everybody = (vms: readonly VmId[]): string =>
  say`sourceIp is *: not this agent alone but everybody on the internet may reach the ports of ${listText(vms.map(({ name }) => name))} for as long as the request lasts. Leave sourceIp empty for this agent's address, or name the addresses.`;

export const concurrentRequest = (other: PortRequest): string =>
  `Another active request for ${portText(other.port)}: ${requestText(other)}.`;

export const sharing = (sources: readonly Prefix[], endsAt: number): string =>
  say`Sharing the port: asking for ${listText(textsOf(sources))} as well, until ${formatUtc(endsAt)}, so that the other run is not cut off.`;

export const leftOut = (sources: readonly Prefix[]): string =>
  say`The policy does not allow ${listText(textsOf(sources))} any more, which another active request allows; it is left out.`;

export const requestingAgain = (access: Access): string =>
  `The request for ${portText(access)} was revoked because another run asked for the same port; asking again for both.`;

export const requesting = (requested: InitiatePort): string => `Asking for ${initiateText(requested)}.`;

export const wouldRequest = (requested: InitiatePort): string => `Would ask for ${initiateText(requested)}.`;

export const dryRunDone = 'This was a dry run: the policy allows it, and nothing was asked for.';

export const accepted = (accesses: readonly Access[], requests: number): string =>
  `Azure took the ${requests === 1 ? 'request' : `${String(requests)} requests`}: ${listText(accesses.map((access) => `${portText(access)} ${sourceText(access.sources)}`))}.`;

const AWAITED: Readonly<Record<Goal, string>> = {
  request: 'Azure says that the requests are initiated',
  rule: 'the rules of the network security groups allow the source',
  connection: 'a TCP connection gets an answer',
};

export const waiting = (goal: Goal, timeoutMs: number): string =>
  `Waiting until ${AWAITED[goal]}, for up to ${formatDuration(timeoutMs)}.`;

export const wouldWait = (goal: Goal, timeoutMs: number): string =>
  `Would wait until ${AWAITED[goal]}, for up to ${formatDuration(timeoutMs)}.`;

export const notWaiting = 'Not waiting for anything: the ports may not be open yet.';

export function stillWaiting(pending: readonly Pending[], waitedMs: number, timeoutMs: number): string {
  const what = pending.map(({ access, blockers, admitted, trouble }) => {
    const others = blockersBesideGrant(blockers ?? []);
    const why =
      others.length > 0
        ? `stopped by ${blockersText(others)}`
        : blockers
          ? 'its allow rule is not there yet'
          : admitted
            ? 'no answer to a TCP connection yet'
            : trouble
              ? trouble.seen
              : 'the request is not initiated yet';
    return `${portText(access)}: ${why}`;
  });
  const waited =
    waitedMs < 1000 ? 'Not open yet.' : `Waited ${roundedText(waitedMs)} of ${formatDuration(timeoutMs)}.`;
  return `${waited} ${what.join('; ')}.`;
}

export const open = ({ access, waited, waitedMs }: WaitedAccess): string => {
  const { firewall } = access;
  const at = firewall ? say`, by way of ${firewall.host} port ${String(firewall.port)}` : '';
  const where = `${portText(access)} ${sourceText(access.sources)} until ${formatUtc(access.endsAt)}${at}`;
  if (waited.status === 'open') return `Open: ${where}, after ${roundedText(waitedMs)}.`;
  return waited.status === 'initiated'
    ? `Initiated: ${where}; the rules were not read.`
    : `Requested: ${where}.`;
};

/** A policy names a host that nobody else vouches for. */
export const foreignHost = ({ vm, policy, firewall }: Access): string =>
  say`The policy ${policy.name} says to reach ${vm.name} by way of ${firewall?.host ?? ''}, which is no public address of this VM, nor of an Azure Firewall that the service connection may see in its subscription. The outputs host and endpoints name it: check that it is your firewall, and that later steps verify the host key of the VM.`;

/** Headings of the sections on the run's page. They do as names of files. */
export const OPEN_HEADING = 'Just-in-time ports';
export const DRY_RUN_HEADING = 'Dry run of opening ports';

export const notSharing = (): string =>
  'Other runs hold the port, and shareActiveRequests has no effect: with sourceIp: azure nobody knows the own address that would be asked for beside theirs.';

/** The failure of a step in which some ports opened and others did not; nothing when none failed. */
export function partlyFailed(errors: readonly CodedError[], openCount: number): CodedError | undefined {
  if (!hasFailures(errors)) return undefined;
  const then =
    openCount > 0
      ? say`The other ${openCount === 1 ? 'port is' : `${String(openCount)} ports are`} open, see the table.`
      : '';
  return joinFailures(errors, { otherCodes: 'behind', then });
}
