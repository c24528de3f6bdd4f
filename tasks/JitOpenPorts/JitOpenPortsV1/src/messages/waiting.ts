import type { OpenOverIpv6 } from '../plan/overIpv6';
import type { Access } from '../plan/access';
import type { PermanentAccess } from '../../../../shared/core/nsg/judge';
import type { Goal, Pending } from '../plan/pending';
import { formatDuration } from '../../../../shared/core/durations';
import { blockersBesideGrant, hasAdminRule } from '../plan/explain';
import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import type { RuleFields } from '../../../../shared/core/network';
import type { Blocker, RuleAt } from '../../../../shared/core/nsg/verdict';
import { textsOf } from '../../../../shared/core/prefixes';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import { verdictText } from './verdicts';
import { requestsForPort } from '../../../../shared/core/requests';
import { formatUtc, listText, say } from '../../../../shared/core/text';
import { CodedError, RefusedError } from '../../../../shared/core/errors';
import { portText, requestText, sourceText } from '../../../../shared/messages/ports';
import { ruleText } from '../../../../shared/messages/rules';

/** What keeps which part of the source out. */
export function blockerText(blocker: Blocker): string {
  switch (blocker.reason) {
    case 'denies':
      return ruleText(blocker);
    case 'unresolved':
      return `${ruleText(blocker)}, ${doubtText(blocker.rule)}`;
    case 'noRule':
      return say`${blocker.group.name} on the ${blocker.attachedTo === 'nic' ? 'NIC' : 'subnet'}, which has no rule for it`;
    case 'noSecurityGroup':
      return 'the public address, which is not known to allow anything without a network security group';
    case 'notIpv4':
      return say`the source itself, ${listText(textsOf(blocker.sources))}, which is no IPv4 address`;
  }
}

/** Why a rule may or may not apply. */
function doubtText({ senseless, sources }: RuleFields): string {
  if (senseless !== undefined) return say`which may deny it: no sense can be made of its ${senseless}`;
  return sources.some(({ key }) => key === 'virtualnetwork')
    ? 'which denies VirtualNetwork: a gateway, a route table, a peering or a virtual network that was not read may add this source to it'
    : 'which denies a source that cannot be resolved from here';
}

export const blockersText = (blockers: readonly Blocker[]): string => listText(blockers.map(blockerText));

export function superseded(access: Access, own: RequestedPort, policy: Policy): CodedError {
  const [newer] = requestsForPort(policy, access.vm, access.port).filter(
    ({ request }) => Date.parse(request.startedAt) > Date.parse(access.startedAt),
  );
  return new CodedError({
    code: 'JIT703',
    seen:
      say`The request for ${portText(access)} was revoked while it was awaited (${own.statusReason || 'no reason given'})` +
      (newer ? `; a newer one was made by ${requestText(newer)}.` : '.'),
    remedy:
      'Set shareActiveRequests: true in all runs that open this port of this VM, or let them run one after the other, or open it for all their addresses in one run.',
  });
}

/** A request that lived shorter than the wait for it. */
export const endedBefore = (access: Access): CodedError =>
  new CodedError({
    code: 'JIT701',
    seen: `The request for ${portText(access)} ended at ${formatUtc(access.endsAt)}, before its rule allow the source.`,
    remedy: 'Ask for a longer duration.',
  });

/** What to do about security admin rules. */
export const CHANGE_ADMIN_RULE =
  'A security admin rule comes before every security group, and no request overrules it: ask whoever manages that configuration in Azure Virtual Network Manager for an exception, such as a rule of a lower priority number with the access Allow. Change what else is named.';

const UNREAD_ADMIN_RULES =
  'Security admin rules of Azure Virtual Network Manager, which come before the security groups, could not be read and may block it: look at those of the virtual network.';

/**
 * Why an access was not open when the time was over.
 *
 * @param hint what is known of a place that gave no answer, as sentences
 */
export function notOpenInTime(pending: Pending, goal: Goal, timeoutMs: number, hint = ''): CodedError {
  const { access, blockers, request, trouble } = pending;
  const azure = pending.azure ? ` ${verdictText(pending.azure)}` : '';
  const where = `${portText(access)} ${sourceText(access.wantedSources)}`;
  const inTime = `within ${formatDuration(timeoutMs)}`;
  const until = `The request itself stays open until ${formatUtc(access.endsAt)}.`;
  if (trouble && !blockers && !pending.admitted) return trouble;
  if (pending.admitted) {
    return new CodedError({
      code: 'JIT704',
      seen: `${azure ? 'Azure allows' : 'The rules allow'} ${where}, but no TCP connection got an answer ${inTime}.${azure} ${until}`,
      remedy:
        hint +
        (pending.adminRulesUnread ? `${UNREAD_ADMIN_RULES} ` : '') +
        'Check that the VM runs, that its own firewall allows the port, and that this agent reaches it by the address that was tried; probeHost names another one.',
    });
  }
  const others = blockersBesideGrant(blockers ?? []);
  if (others.length > 0) {
    return new CodedError({
      code: 'JIT702',
      seen: `${where} was not allowed ${inTime}: what comes first is ${blockersText(others)}.${azure} ${until}`,
      remedy: hasAdminRule(others)
        ? CHANGE_ADMIN_RULE
        : 'Change what is named, or give it a higher priority number (which means that it comes later) than the allow rules of just-in-time access have, which start at 100; when it has one, the allow rule itself is not there yet: raise waitTimeout.',
    });
  }
  const status = (request?.status ?? access.status) || 'unknown';
  const block = blockers
    ? ` What stands in the way is ${blockersText(blockers)}.`
    : goal === 'request'
      ? ''
      : ' Azure did not let the rules be read in this time.';
  return new CodedError({
    code: 'JIT701',
    seen:
      (goal === 'request'
        ? say`The request for ${portText(access)} was still ${status} ${inTime}.`
        : say`The rule of just-in-time access for ${where} was not there ${inTime}; Azure says the request is ${status}.`) +
      `${block}${azure} ${until}`,
    remedy: blockers?.some(({ reason }) => reason === 'noSecurityGroup')
      ? 'Put a network security group on the subnet or on the NIC of the VM: just-in-time access writes its rules there.'
      : status === 'Initiated'
        ? 'A deployment of the security group (such as terraform apply) may have removed the rule, or a lock or an Azure Policy keeps it from being written. A retry uses this request again; to make it ask anew, ask for a longer duration.'
        : 'Azure may be slow: raise waitTimeout. A lock or an Azure Policy on the security group can keep the rule from being written.',
  });
}

export const rulesUnreadable = (missing: RefusedError): string =>
  `The rules cannot be read: ${missing.why}. Azure's own word on the request is taken instead, which does not tell whether the rules allow this agent.`;

export const vnetUnknown = (missing: RefusedError): string =>
  `The addresses of the virtual network cannot be read: ${missing.why}. Whether rules for VirtualNetwork apply to this source is not known, so they count neither as open nor as closed.`;

export const adminRulesUnknown = (error: CodedError): string =>
  `The security admin rules of the virtual network cannot be read: ${error instanceof RefusedError ? error.why : error.seen.replace(/\.$/, '')}. If Azure Virtual Network Manager has any for it, they come before the security groups, and may block what those allow or let in whom those keep out.`;

export const nothingListens = (access: Access): string =>
  `${portText(access)}: the way is open, but nothing listens there yet (the connection was refused).`;

/** A way in that rules let open without just-in-time access. */
export type SourcePort = Pick<Access, 'vm' | 'port' | 'wantedSources'>;

/** That the source gets in without any request: for how long, nothing limits. */
export const permanentAccess = (access: SourcePort, { rules }: PermanentAccess): string =>
  say`${portText(access)} is open ${sourceText(access.wantedSources)} without just-in-time access and without an end` +
  (rules.length > 0
    ? `, by ${listText(rules.map(permanentRuleText))}`
    : ', because no network security group filters it') +
  ': just-in-time access protects nothing there.';

export const permanentMany = (count: number): string =>
  `Open without just-in-time access: ${String(count)} ports`;

export const morePermanent = (count: number): string =>
  `${String(count)} more ports are open to everybody without just-in-time access.`;

const permanentRuleText = (at: RuleAt): string =>
  ruleText(at) +
  (isJitRuleName(at.rule.name) ? ', which has a name of just-in-time access and no active request' : '');

export const permanentForEverybody = (access: SourcePort, permanent: PermanentAccess): string =>
  `${permanentAccess(access, permanent)} Every address of the internet gets in.`;

const MOST_SOURCES = 3;

/** The sources of a rule; there may be thousands. */
const sourcesOf = ({ sources }: RuleFields): string => {
  const more = sources.length - MOST_SOURCES;
  return say`${listText([...textsOf(sources.slice(0, MOST_SOURCES)), ...(more > 0 ? [`${String(more)} more`] : [])])}`;
};

/** Who gets in over IPv6, and by what: for how long, nothing limits, and just-in-time access does not change it. */
export const openOverIpv6 = (
  sourcePort: Pick<Access, 'vm' | 'port'>,
  { rules, everybody }: OpenOverIpv6,
): string =>
  `Over IPv6 the rules allow ${everybody ? 'every address' : 'most addresses'} of the internet to reach ${portText(sourcePort)} without an end, by ` +
  listText(rules.map((at) => `${ruleText(at)} with the source ${sourcesOf(at.rule)}`)) +
  '. Just-in-time access has IPv4 alone, and does not close this: remove the rule, or let it name sources of IPv4 alone.';
