import type { CodedError } from '../../../../shared/core/errors';
import type { RuleFields, VmNetwork } from '../../../../shared/core/network';
import { evaluate, mayAdmit } from '../../../../shared/core/nsg/evaluate';
import { IPV4 } from '../../../../shared/core/nsg/family';
import { matchRule } from '../../../../shared/core/nsg/match';
import type { Flow, Verdict } from '../../../../shared/core/nsg/verdict';
import { isIpv4, rangesOf, toPrefixes, type Prefix } from '../../../../shared/core/prefixes';
import { sameId } from '../../../../shared/core/resourceIds';
import { covers, sizeOf, subtract, type Ranges } from '../../../../shared/core/ranges';

/**
 * The maximum number of addresses that are verified for one port of a VM in one round. Each one is a call, and the
 * result for one address says nothing about another one.
 */
export const MOST_ADDRESSES = 4;

/** The IP flow verify result for one address. */
export interface FlowVerdict {
  readonly access: 'Allow' | 'Deny';
  /** As Azure spells it. Absent if no rule matched. */
  readonly ruleName?: string;
}

/** A single address to verify. */
export interface QueriedAddress {
  readonly address: Prefix;
  /** What the rules that were read say about it. */
  readonly byRules: 'open' | 'unknown';
}

export interface AddressVerdict extends QueriedAddress, FlowVerdict {
  /** Set if the result differs between the protocols. */
  readonly protocol?: Flow['protocol'];
}

/**
 * Why there is no result. `none` and `several`: the number of network watchers in the region of the VM, which usually
 * has one.
 */
export type NoVerdict =
  | { readonly kind: 'none' | 'several'; readonly region: string }
  | { readonly kind: 'failure'; readonly error: CodedError };

/** What the rules leave undecided, and whether Azure can verify all of it. */
export type FlowDoubt =
  /** The rules decide, or no result could decide. */
  | { readonly kind: 'none' }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'query'; readonly addresses: readonly QueriedAddress[] };

const NONE: FlowDoubt = { kind: 'none' };

/**
 * Returns whether the rules leave undecided that all sources are allowed. A part that is certainly blocked decides,
 * regardless of the rest.
 *
 * @param verdict the result of `evaluate` for the same network and flow
 */
export function doubtOfOpen(network: VmNetwork, flow: Flow, verdict: Verdict): FlowDoubt {
  if (verdict.admits || !isAnswerable(network, flow)) return NONE;
  const all = rangesOf(flow.sources);
  if (!covers(rangesOf(mayAdmit(network, flow).sources), all)) return NONE;
  const sure = rangesOf(verdict.admittedSources);
  return toDoubt(subtract(all, sure), sure);
}

/** Returns whether the rules leave undecided that no source is allowed. A part that is certainly allowed decides. */
export function doubtOfClosed(network: VmNetwork, flow: Flow): FlowDoubt {
  const verdict = evaluate(network, flow);
  if (verdict.admits || verdict.admittedSources.length > 0 || !isAnswerable(network, flow)) return NONE;
  return toDoubt(rangesOf(mayAdmit(network, flow).sources), []);
}

/**
 * Whether there is a rule that might or might not apply, so that the rules might be undecided once the request has its
 * own rule. For a dry run, which cannot know that.
 */
export const hasDoubtfulRule = (network: VmNetwork, flow: Flow, verdict: Verdict): boolean =>
  !verdict.admits &&
  (verdict.blockers.some(({ reason }) => reason === 'unresolved') ||
    mayAdmit(network, flow).doubtful.length > 0);

/** Whether Azure could verify all of the sources, regardless of which of them are in doubt later. */
export const isVerifiable = (network: VmNetwork, flow: Flow): boolean =>
  isAnswerable(network, flow) && sizeOf(rangesOf(flow.sources)) <= MOST_ADDRESSES;

/** If there is room, also verifies what the rules certainly allow: Azure might still deny it. */
function toDoubt(inDoubt: Ranges, sure: Ranges): FlowDoubt {
  if (inDoubt.length === 0) return NONE;
  const size = sizeOf(inDoubt);
  if (size > MOST_ADDRESSES) return { kind: 'tooMany' };
  const others = size + sizeOf(sure) > MOST_ADDRESSES ? [] : sure;
  return {
    kind: 'query',
    addresses: [
      ...singles(inDoubt).map((address): QueriedAddress => ({ address, byRules: 'unknown' })),
      ...singles(others).map((address): QueriedAddress => ({ address, byRules: 'open' })),
    ],
  };
}

const singles = (ranges: Ranges): readonly Prefix[] =>
  ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_none, at) => first + at).flatMap((address) =>
      toPrefixes([{ first: address, last: address }]),
    ),
  );

/**
 * Whether IP flow verify can decide. Without any NSG, it returns an error (docs: Network Watcher, "View IP flow"). It
 * is queried for any source port, and how it then treats a rule for certain source ports is not documented.
 */
function isAnswerable(network: VmNetwork, flow: Flow): boolean {
  if (network.groups.length === 0 || !flow.sources.every(isIpv4)) return false;
  const rules = [...network.groups.flatMap(({ group }) => group.rules), ...(network.adminRules ?? [])];
  return !rules.some((rule) => isForSomeSourcePorts(rule, network, flow));
}

/**
 * Whether a rule for certain source ports only might apply, depending on the client's port: such a rule is never
 * certain.
 */
function isForSomeSourcePorts(rule: RuleFields, network: VmNetwork, flow: Flow): boolean {
  if (rule.direction !== 'Inbound' || rule.sourcePorts.some((ports) => ANY_PORT.includes(ports)))
    return false;
  return matchRule(IPV4, rule, network, flow, rangesOf(flow.sources)).possible.length > 0;
}

const ANY_PORT: readonly string[] = ['*', '0-65535', '1-65535'];

/** Whether Azure allows every address that was verified. False if there is none. */
export const isAllowed = (verdicts: readonly AddressVerdict[]): boolean =>
  verdicts.length > 0 && verdicts.every(({ access }) => access === 'Allow');

/** Whether Azure denies every address that was verified. False if there is none. */
export const isDenied = (verdicts: readonly AddressVerdict[]): boolean =>
  verdicts.length > 0 && verdicts.every(({ access }) => access === 'Deny');

/**
 * Joins the results of all protocols. They name their protocol if they differ. Returns `undefined` if the result of one
 * protocol is missing, because the others say nothing about it.
 */
export function joinVerdicts(
  found: readonly {
    readonly protocol: Flow['protocol'];
    readonly verdicts: readonly AddressVerdict[] | undefined;
  }[],
): readonly AddressVerdict[] | undefined {
  const all = found.flatMap(({ verdicts, ...of }) => (verdicts ? [{ verdicts, ...of }] : []));
  const [first, ...others] = all;
  if (!first || all.length < found.length) return undefined;
  const text = JSON.stringify(first.verdicts);
  return others.every(({ verdicts }) => JSON.stringify(verdicts) === text)
    ? first.verdicts
    : all.flatMap(({ verdicts, protocol }) => verdicts.map((one) => ({ ...one, protocol })));
}

/** Returns the network watcher of a region, if there is exactly one. */
export function watcherIn(
  watchers: readonly { readonly id: string; readonly location: string }[],
  region: string,
): { readonly kind: 'one'; readonly id: string } | { readonly kind: 'none' | 'several' } {
  const [first, ...more] = watchers.filter(({ location }) => sameRegion(location, region));
  if (!first) return { kind: 'none' };
  return more.length > 0 ? { kind: 'several' } : { kind: 'one', id: first.id };
}

/** `West Europe` and `westeurope` are the same region. */
const sameRegion = (one: string, other: string): boolean => sameId(withoutSpaces(one), withoutSpaces(other));
const withoutSpaces = (region: string): string => region.replace(/\s/g, '');
