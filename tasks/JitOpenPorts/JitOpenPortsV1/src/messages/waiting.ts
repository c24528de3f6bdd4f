import type { OpenOverIpv6 } from '../plan/overIpv6';
import type { Access } from '../plan/access';
import type { PermanentAccess } from '../../../../shared/core/nsg/judge';
import type { Goal, Pending } from '../plan/pending';
import { formatDuration, waitedText } from '../../../../shared/core/durations';
import { blockersBesideGrant, hasAdminRule } from '../plan/explain';
import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import type { RuleFields } from '../../../../shared/core/network';
import type { Blocker, RuleAt } from '../../../../shared/core/nsg/verdict';
import { textsOf } from '../../../../shared/core/prefixes';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import { noConnection, toConnect } from './connecting';
import { verdictText } from './verdicts';
import { requestsForPort } from '../../../../shared/core/requests';
import { formatUtc, listText, say } from '../../../../shared/core/text';
import { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { VmId } from '../../../../shared/core/resourceIds';
import { portFrom, portOf, portText, requestText } from '../../../../shared/messages/ports';
import { ruleText } from '../../../../shared/messages/rules';

/** Returns what blocks a part of the source. */
export function blockerText(blocker: Blocker): string {
  switch (blocker.reason) {
    case 'denies':
      return ruleText(blocker);
    case 'unresolved':
      return `${ruleText(blocker)}, ${doubtText(blocker.rule)}`;
    case 'noRule':
      return say`${blocker.group.name} on the ${blocker.attachedTo === 'nic' ? 'NIC' : 'subnet'}, which has no rule for it`;
    case 'noSecurityGroup':
      return 'the public address, which is not known to allow traffic without a network security group';
    case 'notIpv4':
      return say`the source itself, ${listText(textsOf(blocker.sources))}, which is not an IPv4 address`;
  }
}

const blockedSentence = (blockers: readonly Blocker[]): string => {
  const text = blockedBy(blockers, 'the port is ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
};

/** Returns why it is not known whether a rule applies. */
function doubtText({ senseless, sources }: RuleFields): string {
  if (senseless !== undefined) return say`which might deny it (unexpected fields: ${senseless})`;
  const names = (tag: string) => sources.some(({ key }) => key === tag);
  if (names('virtualnetwork'))
    return 'which denies VirtualNetwork: a gateway, a route table, a peering, or a virtual network that was not read may add this source to it';
  return names('internet')
    ? 'which denies Internet: this source may be reserved, or belong to a virtual network that was not read'
    : 'which denies a source that cannot be resolved here';
}

export const blockersText = (blockers: readonly Blocker[]): string => listText(blockers.map(blockerText));

/**
 * Returns what blocks a port, as the start of a sentence. If a rule might not apply, returns which rules come first.
 */
export const blockedBy = (blockers: readonly Blocker[], port: string): string =>
  blockers.some(({ reason }) => reason === 'unresolved')
    ? `the first ${blockers.length === 1 ? 'rule that applies or might apply is' : 'rules that apply or might apply are'} ${blockersText(blockers)}`
    : `${port}blocked by ${blockersText(blockers)}`;

export function superseded(access: Access, own: RequestedPort, policy: Policy): CodedError {
  const [newer] = requestsForPort(policy, access.vm, access.port).filter(
    ({ request }) => Date.parse(request.startedAt) > Date.parse(access.startedAt),
  );
  return new CodedError({
    code: 'JIT703',
    seen:
      say`The request for ${portOf(access)} was revoked during the wait (${own.statusReason || 'no reason given'}).` +
      (newer ? ` A newer request exists: ${requestText(newer)}.` : ''),
    remedy:
      'Set shareActiveRequests: true in all runs that open this port of this VM, run them one after the other, or open the port for all their addresses in one run.',
  });
}

/** JIT701: the request ended during the wait. */
export const endedBefore = (access: Access): CodedError =>
  new CodedError({
    code: 'JIT701',
    seen: `The request for ${portOf(access)} ended at ${formatUtc(access.endsAt)}, before the wait was over.`,
    remedy: 'Request a longer duration.',
  });

/** What to do about security admin rules. */
export const CHANGE_ADMIN_RULE =
  'A security admin rule comes before every network security group, and no request overrides it. Ask the person who manages that configuration in Azure Virtual Network Manager for an exception, such as a rule with a lower priority number and the access Allow. Change whatever else is named.';

const UNREAD_ADMIN_RULES =
  'Security admin rules of Azure Virtual Network Manager, which come before the network security groups, could not be read and may block it. Check those of the virtual network.';

/** Returns what is known about an allow rule that a check did not find. */
export const missingRule = ({ openedAfterMs }: Pick<Pending, 'openedAfterMs'>): string =>
  openedAfterMs === undefined ? 'does not exist yet' : 'no longer exists';

/**
 * Returns why an access was not open when the time was over: JIT701, JIT702, JIT704, or the last error.
 *
 * @param hint what is known about a place that did not answer, as sentences
 */
export function notOpenInTime(pending: Pending, goal: Goal, timeoutMs: number, hint = ''): CodedError {
  const { access, blockers, request, trouble } = pending;
  const azure = pending.azure ? ` ${verdictText(pending.azure)}` : '';
  const where = portFrom(access, access.wantedSources);
  const inTime = `within ${formatDuration(timeoutMs)}`;
  const { openedAfterMs } = pending;
  const notOpen =
    openedAfterMs === undefined
      ? `Not open ${inTime}: ${where}.`
      : `No longer open: ${where}. It was open after ${waitedText(openedAfterMs)}.`;
  const until = `The request stays active until ${formatUtc(access.endsAt)}.`;
  if (trouble && !blockers && !pending.admitted) return trouble;
  if (pending.admitted) {
    return new CodedError({
      code: 'JIT704',
      seen: `${noConnection(pending.tried, inTime)}: ${where}. ${azure ? 'Azure allows it.' : 'The rules allow it.'}${azure} ${until}`,
      remedy: hint + (pending.adminRulesUnread ? `${UNREAD_ADMIN_RULES} ` : '') + toConnect(pending.tried),
    });
  }
  const others = blockersBesideGrant(blockers ?? []);
  if (others.length > 0) {
    return new CodedError({
      code: 'JIT702',
      seen: `${notOpen} ${blockedSentence(others)}${azure} ${until}`,
      remedy: hasAdminRule(others)
        ? CHANGE_ADMIN_RULE
        : `Change ${others.length === 1 ? 'that rule, or give it' : 'those rules, or give them'} a higher priority number than the allow rules of just-in-time access, which start at 100. If the number is already higher, the allow rule does not exist yet: increase waitTimeout.`,
    });
  }
  const status = (request?.status ?? access.status) || 'unknown';
  const block = blockers
    ? ` ${blockedSentence(blockers)}`
    : goal === 'request'
      ? ''
      : ' The rules could not be read in this time.';
  return new CodedError({
    code: 'JIT701',
    seen:
      (goal === 'request'
        ? say`The request for ${portOf(access)} was still ${status} after ${formatDuration(timeoutMs)}.` +
          `${block}${azure}`
        : notOpen +
          (blockers ? ` The allow rule of just-in-time access ${missingRule(pending)}.` : '') +
          `${block}${azure} ` +
          say`Azure reports the request as ${status}.`) + ` ${until}`,
    remedy: blockers?.some(({ reason }) => reason === 'noSecurityGroup')
      ? 'Associate a network security group with the subnet or the NIC of the VM. Just-in-time access writes its rules there.'
      : status === 'Initiated'
        ? 'A deployment of the network security group (such as terraform apply) may have removed the rule, or a lock or an Azure Policy assignment prevents it from being written. A retry reuses this request. To make a new one, request a longer duration.'
        : 'Azure may be slow: increase waitTimeout. A lock or an Azure Policy assignment on the network security group can prevent the rule from being written.',
  });
}

const STATUS_INSTEAD =
  'The status that Azure reports for the request is used instead, which does not show whether the rules allow this agent.';

export const rulesUnreadable = (missing: RefusedError): string =>
  `The NSG rules cannot be read: ${missing.why}. ${STATUS_INSTEAD}`;

export const withoutPlace = ({ name }: VmId): string =>
  say`${name}: the NSG rules cannot be evaluated, because Azure reports no private IPv4 address, or no subnet, for its primary network interface. ` +
  STATUS_INSTEAD;

export const moreWithoutPlace = (count: number): string =>
  `The NSG rules of ${count === 1 ? 'one more VM' : `${String(count)} more VMs`} cannot be evaluated for the same reason.`;

export const vnetUnknown = (missing: RefusedError): string =>
  `The addresses of the virtual network cannot be read: ${missing.why}. Whether rules for VirtualNetwork, Internet, or an application security group apply to this source is not known, so they count neither as open nor as closed.`;

export const adminRulesUnknown = (error: CodedError): string =>
  `The security admin rules of the virtual network cannot be read: ${error instanceof RefusedError ? error.why : error.seen.replace(/\.$/, '')}. If Azure Virtual Network Manager has any for it, they come before the network security groups, and may block what those allow or allow what those block.`;

/** The heading for the notes of one round of a wait about individual VMs, if there are many VMs. */
export const notesOfRound = (count: number): string =>
  `Security admin rules and IP flow verify: ${count === 1 ? 'one note' : `${String(count)} notes`}`;

export const nothingListens = (access: Access): string =>
  `${portText(access)}: the connection is allowed, but nothing listens there yet (it was refused).`;

/** A port of a VM, with the sources for which it is wanted. */
export type SourcePort = Pick<Access, 'vm' | 'port' | 'wantedSources'>;

/** Says that the source is allowed without any request, and with no end. */
export const permanentAccess = (access: SourcePort, { rules }: PermanentAccess): string =>
  `Open without just-in-time access and with no end time: ${portFrom(access, access.wantedSources)}, ` +
  (rules.length > 0
    ? `by ${listText(rules.map(permanentRuleText))}`
    : 'because no network security group filters it') +
  '. Just-in-time access protects nothing there.';

export const permanentMany = (count: number): string =>
  `Open without just-in-time access: ${String(count)} ports`;

export const morePermanent = (count: number): string =>
  `${count === 1 ? 'One more port is' : `${String(count)} more ports are`} open to everyone without just-in-time access.`;

const permanentRuleText = (at: RuleAt): string =>
  ruleText(at) +
  (isJitRuleName(at.rule.name)
    ? ', which is named like a rule of just-in-time access but has no active request'
    : '');

export const permanentForEveryAddress = (access: SourcePort, permanent: PermanentAccess): string =>
  `${permanentAccess(access, permanent)} Every address on the internet is allowed.`;

const MOST_SOURCES = 3;

/** Returns the first sources of a rule, which can have thousands. */
const sourcesOf = ({ sources }: RuleFields): string => {
  const more = sources.length - MOST_SOURCES;
  return say`${listText([...textsOf(sources.slice(0, MOST_SOURCES)), ...(more > 0 ? [`${String(more)} more`] : [])])}`;
};

/**
 * Says who is allowed over IPv6 and by which rules, that this has no end, and that just-in-time access does not change
 * it.
 */
export const openOverIpv6 = (
  sourcePort: Pick<Access, 'vm' | 'port'>,
  { rules, everyAddress }: OpenOverIpv6,
): string =>
  `Over IPv6, the rules allow ${everyAddress ? 'every address' : 'most addresses'} on the internet to reach ${portOf(sourcePort)} with no end time, by ` +
  listText(rules.map((at) => `${ruleText(at)} with the source ${sourcesOf(at.rule)}`)) +
  '. Just-in-time access supports only IPv4, and does not close this. Remove the rule, or limit it to IPv4 sources.';
