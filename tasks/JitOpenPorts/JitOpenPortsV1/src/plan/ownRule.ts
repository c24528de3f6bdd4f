import type { SecurityRule } from '../../../../shared/core/network';
import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import { mayHoldPort } from '../../../../shared/core/oddEntries';
import type { Policy, RuleProtocol } from '../../../../shared/core/policy';
import {
  findOwnPort,
  isActive,
  isReplaced,
  sameSources,
  type OwnPort,
} from '../../../../shared/core/requests';
import { sameId } from '../../../../shared/core/resourceIds';
import type { Prefix } from '../../../../shared/core/prefixes';
import type { Closing } from './closed';
import { concurrentRequests } from './ownRequests';
import type { NotedPort } from './state';

/** How long Azure may take to remove the rule of a request that has ended: two minutes. No time is documented. */
const REMOVAL_MS = 120_000;

/**
 * To whom an allow rule belongs.
 *
 * - `own`: the service wrote it for a request of this step. `isActive`: that request is still active.
 * - `perhaps`: it looks like that and its request has just ended, but it might have existed before the request.
 * - `wasAlike`: more rules looked like it before the end was requested than this step had requests for them. One of
 *   them belongs to someone else.
 * - `alike`: more rules look like it now than this step has active requests for them. One of them can belong to someone
 *   else, or to a request of this step that has ended.
 * - `foreign`: it belongs to another run, or to no request of this step.
 */
export type Owner =
  | { readonly kind: 'own'; readonly isActive: boolean }
  | { readonly kind: 'perhaps' | 'alike' | 'wasAlike' | 'foreign' };

/** The rules of a security group. */
export interface GroupRules {
  readonly now: readonly SecurityRule[];
  /** As they were before an earlier end was requested. `undefined` if they were not read. */
  readonly before: readonly SecurityRule[] | undefined;
}

/** What is known of the requests for a port of a VM when its rules are judged. */
export interface KnownRequests {
  readonly closing: Closing;
  /** All ports of its VM that are closed, under any policy, and maybe others. */
  readonly all: readonly Closing[];
  /** The policies of the VM as they are now, that of the request first. */
  readonly policies: readonly [Policy, ...Policy[]];
  /** Milliseconds since 1970 on Azure's clock. */
  readonly azureNow: number;
  /** The primary address of the VM's NIC. */
  readonly privateIpAddress: Prefix;
}

const FOREIGN: Owner = { kind: 'foreign' };

/**
 * Decides to whom a rule belongs. For each request, the service writes an allow rule (or one for TCP and one for UDP)
 * with a name of its own, for the VM's address alone, and with the sources and ports of the request. A rule is
 * this step's if it looks like that, an active request of this step explains it, no other run's request does, and no
 * more rules look like it than this step has such requests. A request that has just ended also explains a rule if the
 * rules were also read before the end was requested, and its own rule was certainly there then: it is known to have come
 * after the request, or Azure showed the request as initiated.
 */
export function ownerOf(rule: SecurityRule, { now, before }: GroupRules, requests: KnownRequests): Owner {
  const { closing, policies, azureNow } = requests;
  const { opened, own, wasInitiated } = closing;
  const wasThere = (one: SecurityRule) => before?.some(({ name }) => sameId(name, one.name)) === true;
  // A rule that was there before was not written for a request that closing has made.
  const all = [...now, ...(before ?? [])];
  const behind = (one: SecurityRule) =>
    requestsBehind(one, all, requests).filter(({ isMade }) => !(wasThere(one) && isMade));
  const explaining = behind(rule);
  const active = explaining.filter((one) => one.isActive);
  if (explaining.length === 0) return FOREIGN;
  // A request that cannot be interpreted might belong to another run, and explain the same rule.
  const isOdd = mayHoldPort(policies, opened.vm, opened.port, azureNow);
  const isTheirs = concurrentRequests(policies, opened, own, azureNow).some(({ port }) =>
    sameSources(port.sources, rule.sources),
  );
  if (isOdd || isTheirs) return FOREIGN;
  const count = (rules: readonly SecurityRule[]) =>
    countRules(
      rules.filter((one) => sameSources(one.sources, rule.sources) && behind(one).length > 0),
      opened.protocol,
    );
  if (before && wasThere(rule) && count(before) > explaining.length) return { kind: 'wasAlike' };
  // The request that serves other runs has replaced it, and their own rule might not be written yet.
  if (active.length === 0 && explaining.some((one) => one.isHandedOver)) return { kind: 'perhaps' };
  // The rule of the request was among them: it was seen to come, or Azure had carried out the request. If there was only
  // one that looks like it, it is that one.
  const wasSeen = before !== undefined && (opened.cameLater === true || wasInitiated);
  if (active.length === 0 && !wasSeen) return { kind: 'perhaps' };
  if (count(now) > (wasSeen ? requestsBehind(rule, all, requests) : active).length) return { kind: 'alike' };
  return { kind: 'own', isActive: active.length > 0 };
}

/** Whether one of the rules looks like the rule of a request for a port of a VM. */
export const hasRuleLike = (
  rules: readonly SecurityRule[],
  { port, sources }: Pick<NotedPort, 'port' | 'sources'>,
  privateIpAddress: Prefix,
): boolean =>
  rules.some(
    (rule) =>
      isGrantFor(rule, port, privateIpAddress) && (sources === undefined || isForSources(rule, sources)),
  );

/**
 * Returns for how many requests like this one the rules of an NSG are: a request has one rule for all its sources, or one
 * for each of them.
 */
export function countGrants(
  rules: readonly SecurityRule[],
  { port, sources, protocol }: Pick<NotedPort, 'port' | 'sources' | 'protocol'>,
  privateIpAddress: Prefix,
): number {
  const grants = rules.filter((rule) => isGrantFor(rule, port, privateIpAddress));
  if (!sources) return countRules(grants, protocol);
  const whole = grants.filter((rule) => sameSources(rule.sources, sources));
  if (whole.length > 0) return countRules(whole, protocol);
  const parts = grants.filter((rule) => isForSources(rule, sources));
  const ofEach = sources.map(({ key }) =>
    countRules(
      parts.filter((rule) => rule.sources.some((one) => one.key === key)),
      protocol,
    ),
  );
  return ofEach.reduce((least, count) => Math.min(least, count), parts.length);
}

interface Explaining {
  readonly isActive: boolean;
  /** Whether closing has made it. */
  readonly isMade: boolean;
  /** Whether closing has replaced it with a request for other runs alone. */
  readonly isHandedOver: boolean;
}

/**
 * Returns the requests of this step that a rule might be for, and that are active or have just ended.
 *
 * @param rules all rules of its NSG, now and before
 */
function requestsBehind(
  rule: SecurityRule,
  rules: readonly SecurityRule[],
  { closing: { opened, own, made }, all, policies, azureNow, privateIpAddress }: KnownRequests,
): readonly Explaining[] {
  if (!isGrantFor(rule, opened.port, privateIpAddress)) return [];
  const ofVm = own.filter(({ vm }) => vm.key === opened.vm.key);
  // The ends distinguish two requests of the same millisecond.
  const closingOf = (one: OwnPort) =>
    all.find(
      ({ opened: other }) =>
        other.startedAt === one.startedAt &&
        other.port === one.port &&
        other.endsAt === one.endsAt &&
        other.vm.key === one.vm.key,
    );
  const wasEnded = (one: OwnPort) => (closingOf(one)?.closedFrom ?? 0) > 0;
  const found = new Map<string, Explaining>();
  for (const one of ofVm.filter(({ port }) => port === opened.port)) {
    const ports = ofVm.filter(({ startedAt }) => startedAt === one.startedAt).map(({ port }) => String(port));
    const listed = policies.map((policy) => findOwnPort(policy, one)).find((port) => port !== undefined);
    const { sources = [], endsAt } = listed ?? one;
    if (!rule.destinationPorts.every((port) => ports.includes(port))) continue;
    if (!isForSources(rule, sources)) continue;
    // If the service has written one rule for all sources, one for some of them is not its own.
    const isWhole = (other: SecurityRule) =>
      sameSources(other.sources, sources) && isGrantFor(other, opened.port, privateIpAddress);
    if (!isWhole(rule) && rules.some(isWhole)) continue;
    const isNow = listed !== undefined && isActive(listed, azureNow);
    const isNowReplaced = listed !== undefined && isReplaced(listed, azureNow);
    const isHandedOver = isNowReplaced && closingOf(one)?.kept !== undefined;
    const hasJustEnded =
      (endsAt <= azureNow && endsAt > azureNow - REMOVAL_MS) ||
      (isNowReplaced && (isHandedOver || wasEnded(one)));
    if (!isNow && !hasJustEnded) continue;
    const isMade = made.includes(one.startedAt) && closingOf(one) === undefined;
    found.set(`${one.startedAt} ${String(one.endsAt)}`, { isActive: isNow, isMade, isHandedOver });
  }
  return [...found.values()];
}

/** Whether a rule looks like one that the service writes to open the port of a VM. */
const isGrantFor = (rule: SecurityRule, port: number, { key }: Prefix): boolean =>
  isJitRuleName(rule.name) &&
  rule.access === 'Allow' &&
  rule.destinations.length === 1 &&
  rule.destinations[0]?.key === key &&
  rule.destinationPorts.includes(String(port));

/** Whether a rule is for the sources of a request, or for some of them: a service can write a rule for each source. */
const isForSources = (rule: SecurityRule, sources: readonly Prefix[]): boolean =>
  sameSources(rule.sources, sources) ||
  (rule.sources.length > 0 && rule.sources.every(({ key }) => sources.some((one) => one.key === key)));

/** Returns how many requests explain rules: one for all protocols can have a rule for TCP and one for UDP. */
function countRules(rules: readonly SecurityRule[], protocol: RuleProtocol): number {
  if (protocol !== '*') return rules.length;
  const [tcp, udp] = (['tcp', 'udp'] as const).map(
    (name) => rules.filter((rule) => rule.protocol.toLowerCase() === name).length,
  );
  const [ofTcp, ofUdp] = [tcp ?? 0, udp ?? 0];
  return rules.length - ofTcp - ofUdp + Math.max(ofTcp, ofUdp);
}
