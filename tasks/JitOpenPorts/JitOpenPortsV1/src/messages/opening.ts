import type { Access, WaitedAccess } from '../plan/access';
import type { Goal, Pending } from '../plan/pending';
import { groupBy } from '../../../../shared/core/groupBy';
import { CROWD, eachText, isCrowd } from '../../../../shared/core/crowd';
import type { NotOpened } from '../plan/findings';
import { formatDuration, waitedText } from '../../../../shared/core/durations';
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
import { blockedBy, missingRule } from './waiting';
import {
  listPorts,
  portFrom,
  portOf,
  portText,
  requestText,
  sourceText,
} from '../../../../shared/messages/ports';

/** The log lines of a run that opens ports, in the order in which they appear. */

export const reading = (vms: readonly VmId[]): string =>
  say`Looking up ${vms.length === 1 ? `the VM ${vms[0]?.name ?? ''}` : `${String(vms.length)} VMs`}: just-in-time policies, network, source address.`;

export const agentAddress = (address: string): string => say`This agent's public address is ${address}.`;

export const unreadable = (missing: RefusedError): string =>
  `The network of the VM cannot be read completely: ${missing.why}. Therefore host is the private address or empty, or the NSG rules cannot be read.`;

export const coveredBy = ({ vm, policy }: VmPlan): string =>
  say`${vm.vm.name}: the policy ${policy.name} in ${policy.location} allows ` +
  listText(
    vm.ports.map(
      ({ port, protocol, sources, maxDurationMs }) =>
        `port ${portOfRule(port, protocol)} ${sourceText(sources)} for up to ${formatDuration(maxDurationMs)}`,
    ),
  ) +
  '.';

/** Returns `22`, or `22 (TCP)` if the policy has the port for one protocol. */
const portOfRule = (port: number, protocol: RuleProtocol): string =>
  protocol === '*' ? say`${port}` : say`${port} (${protocol})`;

/** Titles of collapsed groups, and sentences about items that are not named one by one. */
export const reusedMany = (count: number): string => `Reusing: ${String(count)} ports`;

export const moreUnreadable = (count: number): string =>
  `The network of other VMs cannot be read completely either, for ${count === 1 ? 'one more reason' : `${String(count)} more reasons`}.`;

export const requestingMany = (ports: number, requests: number): string =>
  `Requesting access to ${String(ports)} ports in ${requests === 1 ? 'one request' : `${String(requests)} requests`}`;

export const openMany = (count: number): string => `Open: ${String(count)} ports`;

/** Returns a table of what is open, by policy, and a line with the totals. Times are those of the first end. */
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
  return `Open: ${String(open.length)} of ${String(accesses.length)} ports on ${String(vmsIn(accesses))} VMs. The first one closes at ${formatUtc(end)}.`;
};

export const reused = (access: Access, isOwn: boolean): string =>
  `Reusing: ${portFrom(access, access.sources)} until ${formatUtc(access.endsAt)}, ${isOwn ? 'which an earlier attempt of this step requested' : 'which another run requested. That run may close it before its end'}.`;

export const openToAnyone = (vms: readonly VmId[]): string =>
  say`sourceIp is *: not only this agent but anyone on the internet can reach the ports of ${eachText(
    vms.map((vm) => ({ vm })),
    ({ vm }) => vm.name,
  )} until the request ends. Leave sourceIp empty to allow only this agent's address, or name the addresses.`;

export const concurrentRequest = (other: PortRequest): string =>
  `Another active request for ${portOf(other.port)}: ${requestText(other)}.`;

export const sharing = (sources: readonly Prefix[], endsAt: number): string =>
  say`Sharing the port: also requesting access from ${listText(textsOf(sources))} until ${formatUtc(endsAt)}, so that the other run is not cut off.`;

export const leftOut = (sources: readonly Prefix[]): string =>
  say`The policy no longer allows ${listText(textsOf(sources))}, which another active request allows. It is left out of the shared request.`;

export const requestingAgain = (access: Access): string =>
  `The request for ${portOf(access)} was revoked because another run requested the same port. Requesting access again, for both.`;

export const requesting = (requested: InitiatePort): string =>
  `Requesting access to ${initiateText(requested)}.`;

export const wouldRequest = (requested: InitiatePort): string =>
  `Would request access to ${initiateText(requested)}.`;

export const dryRunDone = 'This was a dry run. The policy allows the request, and nothing was requested.';

/** @param accepted how many of all requests Azure accepted, at least one */
export const accepted = (accesses: readonly Access[], accepted: number, all: number): string => {
  if (accepted === all) return `Azure accepted the ${all === 1 ? 'request' : `${String(all)} requests`}.`;
  const ports = isCrowd(accesses)
    ? `${String(accesses.length)} ports`
    : listPorts(accesses.map((access) => portFrom(access, access.sources)));
  return `Azure accepted ${String(accepted)} of ${String(all)} requests: ${ports}.`;
};

const AWAITED: Readonly<Record<Goal, string>> = {
  request: 'Azure reports the requests as initiated',
  rule: 'the NSG rules allow the source',
  connection: 'a TCP connection gets an answer',
};

export const waiting = (goal: Goal, timeoutMs: number): string =>
  `Waiting until ${AWAITED[goal]}, for up to ${formatDuration(timeoutMs)}.`;

export const wouldWait = (goal: Goal, timeoutMs: number): string =>
  `Would wait until ${AWAITED[goal]}, for up to ${formatDuration(timeoutMs)}.`;

export const notWaiting = 'Not waiting: the ports might not be open yet.';

export function stillWaiting(pending: readonly Pending[], waitedMs: number, timeoutMs: number): string {
  const isMany = isCrowd(pending.map(({ access }) => access));
  const what = [...groupBy(pending, whyPending)].map(([why, ports]) => {
    const [first] = ports;
    if (isMany) return `${String(ports.length)} ports: ${why}.`;
    if (first && ports.length === 1) return `${portText(first.access)}: ${why}.`;
    return `P${listText(ports.map(({ access }) => portOf(access))).slice(1)}: ${why}.`;
  });
  const waited =
    waitedMs < 1000 ? 'Not open yet.' : `Waited ${waitedText(waitedMs)} of ${formatDuration(timeoutMs)}.`;
  return [waited, ...what].join(' ');
}

function whyPending(pending: Pending): string {
  const { blockers, admitted, trouble, openedAfterMs } = pending;
  const others = blockersBesideGrant(blockers ?? []);
  if (others.length > 0) return blockedBy(others, '');
  if (blockers) return `the allow rule ${missingRule(pending)}`;
  if (admitted) return 'no answer to a TCP connection yet';
  const seen = trouble?.seen.replace(/\.$/, '');
  if (openedAfterMs !== undefined)
    return `it was open, and could not be checked again${seen ? ` (${seen})` : ''}`;
  return seen ?? 'the request is not initiated yet';
}

export const open = ({ access, waited, waitedMs }: WaitedAccess): string => {
  const { firewall } = access;
  const at = firewall ? say`, through ${firewall.host}, port ${String(firewall.port)}` : '';
  const where = `${portFrom(access, access.sources)} until ${formatUtc(access.endsAt)}${at}`;
  if (waited.status === 'open') return `Open: ${where}, after ${waitedText(waitedMs)}.`;
  return waited.status === 'initiated'
    ? `Initiated: ${where}. The NSG rules were not read.`
    : `Requested: ${where}.`;
};

/** For a policy that names a host that nothing else confirms. */
export const foreignHost = ({ vm, policy, firewall }: Access): string =>
  say`According to the policy ${policy.name}, ${vm.name} is reached through ${firewall?.host ?? ''}, which is not a public address of this VM or of an Azure Firewall that the service connection can see in its subscription. The outputs host and endpoints contain it. Check that it is your firewall, and that later steps verify the host key of the VM.`;

export const moreForeignHosts = (count: number): string =>
  `${count === 1 ? 'One more VM is' : `${String(count)} more VMs are`} reached, according to their policies, through a host that is not a public address of the VM or of an Azure Firewall that can be seen.`;

/** Says where to find what the section omits. */
export const summaryCut = (shown: number, total: number): string =>
  `The first ${String(shown)} of ${String(total)} rows, starting with the ports that are not open. The file in the output endpointsPath has every port that was granted, and the log names the others.`;

export const moreFailures = (count: number): string =>
  `${count === 1 ? 'One more failure is' : `${String(count)} more failures are`} in the log.`;

/** Headings of the sections on the page of the run. They are also valid as file names. */
export const OPEN_HEADING = 'Just-in-time ports';
export const DRY_RUN_HEADING = 'Dry run of opening ports';

export const notSharing = (): string =>
  'Other runs hold the port, but shareActiveRequests has no effect: with sourceIp: azure, the address of this run is not known, and cannot be requested together with theirs.';

/** Returns the failure of a step in which some ports did not open, or `undefined` if none failed. */
export function partlyFailed(notOpened: readonly NotOpened[], openCount: number): CodedError | undefined {
  const errors = [...new Set(notOpened.map(({ failure }) => failure))];
  const named = isCrowd(notOpened) ? errors.slice(0, CROWD) : errors;
  if (!hasFailures(named)) return undefined;
  const more = errors.length - named.length;
  const sentences = [
    ...(more > 0
      ? [`The table shows ${more === 1 ? 'one more failure' : `${String(more)} more failures`}.`]
      : []),
    ...(openCount > 0
      ? [
          `The other ${openCount === 1 ? 'port is' : `${String(openCount)} ports are`} open, as the table shows.`,
        ]
      : []),
  ];
  return joinFailures(named, { otherCodes: 'behind', then: sentences.join(' ') });
}

/** For a VM, or one of its ports, that is not open, with the reason. */
export const notOpen = ({ vm, port, failure }: NotOpened): string =>
  `Not open: ${port === undefined ? say`${vm.name}` : portText({ vm, port })}. ${failure.message}`;

export const notOpenMany = (count: number): string => `Not open: ${String(count)} VMs or ports`;

export const moreNotOpen = (count: number): string =>
  `${count === 1 ? 'One more VM or port is' : `${String(count)} more VMs or ports are`} not open.`;

/** Returns the result of a step that continues without what is not open. */
export const openInPart = (open: number, notOpen: number): string =>
  `${open === 1 ? 'One port is' : `${String(open)} ports are`} open. ${notOpen === 1 ? 'One VM or port is' : `${String(notOpen)} VMs or ports are`} not, which onPartial: continue allows.`;
