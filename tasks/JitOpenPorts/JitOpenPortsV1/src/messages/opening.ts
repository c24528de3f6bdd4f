import type { Access, WaitedAccess } from '../plan/access';
import type { Goal, Pending } from '../plan/pending';
import { groupBy } from '../../../../shared/core/groupBy';
import { CROWD, eachText, isCrowd } from '../../../../shared/core/crowd';
import type { NotOpened } from '../plan/findings';
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

/** Titles of folded parts, and what is said of those that are not named one by one. */
export const reusedMany = (count: number): string => `Using again: ${String(count)} ports`;

export const moreUnreadable = (count: number): string =>
  `The network of other VMs cannot be read as a whole either: ${String(count)} more reasons.`;

export const requestingMany = (ports: number, requests: number): string =>
  `Asking for ${String(ports)} ports in ${requests === 1 ? 'one request' : `${String(requests)} requests`}`;

export const openMany = (count: number): string => `Open: ${String(count)} ports`;

/** A table of what is open, by policy, and a line for all of it. Times are those of the first end. */
export function openByPolicy(accesses: readonly WaitedAccess[]): readonly string[] {
  const rows = [...groupBy(accesses, ({ access }) => access.policy.id.toLowerCase()).values()].map(
    toPolicyRow,
  );
  const header = ['VMs', 'ports', 'open', 'until', 'policy'];
  const widths = header.map((title, at) =>
    Math.max(...[header, ...rows].map((row) => row[at]?.length ?? title.length)),
  );
  const toLine = (row: readonly string[]): string =>
    row
      .map((cell, at) => (at < 3 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return [toLine(header), ...rows.map(toLine), allOpen(accesses)];
}

function toPolicyRow(accesses: readonly WaitedAccess[]): readonly string[] {
  const [first] = accesses;
  const open = accesses.filter(isOpen);
  const end = Math.min(...accesses.map(({ access }) => access.endsAt));
  return [
    String(vmsIn(accesses)),
    String(accesses.length),
    String(open.length),
    formatUtc(end),
    first ? say`${first.access.policy.name} in ${first.access.policy.resourceGroup}` : '',
  ];
}

const isOpen = ({ waited }: WaitedAccess): boolean => waited.status !== 'failed';

const vmsIn = (accesses: readonly WaitedAccess[]): number =>
  new Set(accesses.map(({ access }) => access.vm.key)).size;

const allOpen = (accesses: readonly WaitedAccess[]): string => {
  const open = accesses.filter(isOpen);
  const end = Math.min(...open.map(({ access }) => access.endsAt));
  return `Open: ${String(open.length)} of ${String(accesses.length)} ports on ${String(vmsIn(accesses))} VMs; the first one closes at ${formatUtc(end)}.`;
};

export const reused = (access: Access, isOwn: boolean): string =>
  `Using again: ${portText(access)} ${sourceText(access.sources)} until ${formatUtc(access.endsAt)}, by ${isOwn ? 'an earlier request of this step' : "another run's request, which that run may close before its end"}.`;

export const everybody = (vms: readonly VmId[]): string =>
  say`sourceIp is *: not this agent alone but everybody on the internet may reach the ports of ${eachText(
    vms.map((vm) => ({ vm })),
    ({ vm }) => vm.name,
  )} for as long as the request lasts. Leave sourceIp empty for this agent's address, or name the addresses.`;

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
  `Azure took the ${requests === 1 ? 'request' : `${String(requests)} requests`}: ${
    isCrowd(accesses)
      ? `${String(accesses.length)} ports`
      : listText(accesses.map((access) => `${portText(access)} ${sourceText(access.sources)}`))
  }.`;

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
  const what = isCrowd(pending.map(({ access }) => access))
    ? [...groupBy(pending, whyPending)].map(([why, { length }]) => `${String(length)} ports: ${why}`)
    : pending.map((one) => `${portText(one.access)}: ${whyPending(one)}`);
  const waited =
    waitedMs < 1000 ? 'Not open yet.' : `Waited ${roundedText(waitedMs)} of ${formatDuration(timeoutMs)}.`;
  return `${waited} ${what.join('; ')}.`;
}

function whyPending({ blockers, admitted, trouble }: Pending): string {
  const others = blockersBesideGrant(blockers ?? []);
  if (others.length > 0) return `stopped by ${blockersText(others)}`;
  if (blockers) return 'the allow rule is not there yet';
  if (admitted) return 'no answer to a TCP connection yet';
  return trouble ? trouble.seen : 'the request is not initiated yet';
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

/** What the section says where it does not show everything. */
export const summaryCut = (shown: number, total: number): string =>
  `The first ${String(shown)} of ${String(total)} rows, those that are not open first. The file that the output endpointsPath names has every port that was granted, and the log names the others.`;

export const moreFailures = (count: number): string => `${String(count)} more, in the log.`;

/** Headings of the sections on the run's page. They do as names of files. */
export const OPEN_HEADING = 'Just-in-time ports';
export const DRY_RUN_HEADING = 'Dry run of opening ports';

export const notSharing = (): string =>
  'Other runs hold the port, and shareActiveRequests has no effect: with sourceIp: azure nobody knows the own address that would be asked for beside theirs.';

/** The failure of a step in which some ports opened and others did not; nothing when none failed. */
export function partlyFailed(notOpened: readonly NotOpened[], openCount: number): CodedError | undefined {
  const errors = [...new Set(notOpened.map(({ failure }) => failure))];
  const named = isCrowd(notOpened) ? errors.slice(0, CROWD) : errors;
  if (!hasFailures(named)) return undefined;
  const more = errors.length - named.length;
  const sentences = [
    ...(more > 0 ? [`So did ${String(more)} more, see the table.`] : []),
    ...(openCount > 0
      ? [`The other ${openCount === 1 ? 'port is' : `${String(openCount)} ports are`} open, see the table.`]
      : []),
  ];
  return joinFailures(named, { otherCodes: 'behind', then: sentences.join(' ') });
}

/** A VM, or a port of one, that is not open, and why. */
export const notOpen = ({ vm, port, failure }: NotOpened): string =>
  `Not open: ${port === undefined ? say`${vm.name}` : portText({ vm, port })}. ${failure.message}`;

export const notOpenMany = (count: number): string => `Not open: ${String(count)} VMs or ports`;

export const moreNotOpen = (count: number): string => `${String(count)} more VMs or ports are not open.`;

/** What a step comes to that goes on without what is not open. */
export const openInPart = (open: number, notOpen: number): string =>
  `${open === 1 ? 'One port is' : `${String(open)} ports are`} open; ${notOpen === 1 ? 'one VM or port is' : `${String(notOpen)} VMs or ports are`} not, which onPartial: continue allows.`;
