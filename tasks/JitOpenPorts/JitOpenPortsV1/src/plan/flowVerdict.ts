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
 * About how many addresses Azure is asked for one port of a VM in one round. Each is a call, and a verdict on one address
 * says nothing of another one.
 */
export const MOST_ADDRESSES = 4;

/** What Azure says of one address. */
export interface FlowVerdict {
  readonly access: 'Allow' | 'Deny';
  /** As Azure spells it; absent where no rule matched. */
  readonly ruleName?: string;
}

/** A single address that Azure is asked about. */
export interface AskedAddress {
  readonly address: Prefix;
  /** What the rules that were read say of it. */
  readonly byRules: 'open' | 'unknown';
}

export interface AddressVerdict extends AskedAddress, FlowVerdict {
  /** Where it is another one than over the other protocol. */
  readonly protocol?: Flow['protocol'];
}

/** Why Azure gives no verdict. `none` and `several`: network watchers in the region of the VM, which has one as a rule. */
export type NoVerdict =
  | { readonly kind: 'none' | 'several'; readonly region: string }
  | { readonly kind: 'failure'; readonly error: CodedError };

/** What the rules leave open, and whether Azure can be asked about all of it. */
export type FlowDoubt =
  /** Nothing: the rules decide, or no verdict could. */
  | { readonly kind: 'none' }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'ask'; readonly addresses: readonly AskedAddress[] };

const NONE: FlowDoubt = { kind: 'none' };

/**
 * Whether the rules leave open that all sources get in. A part that is surely kept out decides, whatever becomes of the
 * rest.
 *
 * @param verdict what `evaluate` says of the same
 */
export function doubtOfOpen(network: VmNetwork, flow: Flow, verdict: Verdict): FlowDoubt {
  if (verdict.admits || !isAnswerable(network, flow)) return NONE;
  const all = rangesOf(flow.sources);
  if (!covers(rangesOf(mayAdmit(network, flow).sources), all)) return NONE;
  const sure = rangesOf(verdict.admittedSources);
  return toDoubt(subtract(all, sure), sure);
}

/** Whether the rules leave open that no source gets in. A part that surely gets in decides. */
export function doubtOfClosed(network: VmNetwork, flow: Flow): FlowDoubt {
  const verdict = evaluate(network, flow);
  if (verdict.admits || verdict.admittedSources.length > 0 || !isAnswerable(network, flow)) return NONE;
  return toDoubt(rangesOf(mayAdmit(network, flow).sources), []);
}

/**
 * Whether a rule may or may not apply, so that the rules may leave something open once the request has its own: for a dry
 * run, which cannot know.
 */
export const hasDoubtfulRule = (network: VmNetwork, flow: Flow, verdict: Verdict): boolean =>
  !verdict.admits &&
  (verdict.blockers.some(({ reason }) => reason === 'unresolved') ||
    mayAdmit(network, flow).doubtful.length > 0);

/** Whether Azure could be asked about all of the sources, whatever is in doubt of them later. */
export const isAskable = (network: VmNetwork, flow: Flow): boolean =>
  isAnswerable(network, flow) && sizeOf(rangesOf(flow.sources)) <= MOST_ADDRESSES;

/** What the rules surely allow is asked about as well where there is room: Azure may deny it all the same. */
function toDoubt(inDoubt: Ranges, sure: Ranges): FlowDoubt {
  if (inDoubt.length === 0) return NONE;
  const size = sizeOf(inDoubt);
  if (size > MOST_ADDRESSES) return { kind: 'tooMany' };
  const others = size + sizeOf(sure) > MOST_ADDRESSES ? [] : sure;
  return {
    kind: 'ask',
    addresses: [
      ...singles(inDoubt).map((address): AskedAddress => ({ address, byRules: 'unknown' })),
      ...singles(others).map((address): AskedAddress => ({ address, byRules: 'open' })),
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
 * Whether IP flow verify can tell. Without any security group it gives an error (Network Watcher, "View IP flow"). It is
 * asked for any source port, and nothing promises what a rule for some of them does then.
 */
function isAnswerable(network: VmNetwork, flow: Flow): boolean {
  if (network.groups.length === 0 || !flow.sources.every(isIpv4)) return false;
  const rules = [...network.groups.flatMap(({ group }) => group.rules), ...(network.adminRules ?? [])];
  return !rules.some((rule) => isForSomeSourcePorts(rule, network, flow));
}

/** Whether a rule for some source ports alone may apply, whatever the client's port is: then it is never certain. */
function isForSomeSourcePorts(rule: RuleFields, network: VmNetwork, flow: Flow): boolean {
  if (rule.direction !== 'Inbound' || rule.sourcePorts.some((ports) => ANY_PORT.includes(ports)))
    return false;
  return matchRule(IPV4, rule, network, flow, rangesOf(flow.sources)).possible.length > 0;
}

const ANY_PORT: readonly string[] = ['*', '0-65535', '1-65535'];

/** Whether Azure allows every address that it was asked about. */
export const isAllowed = (verdicts: readonly AddressVerdict[]): boolean =>
  verdicts.length > 0 && verdicts.every(({ access }) => access === 'Allow');

/** Whether Azure denies every one of them. */
export const isDenied = (verdicts: readonly AddressVerdict[]): boolean =>
  verdicts.length > 0 && verdicts.every(({ access }) => access === 'Deny');

/**
 * One verdict of those for each protocol. They name their protocol where they differ. Nothing where one is missing: the others
 * do not tell of it.
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

/** The network watcher of a region, when it has exactly one. */
export function watcherIn(
  watchers: readonly { readonly id: string; readonly location: string }[],
  region: string,
): { readonly kind: 'one'; readonly id: string } | { readonly kind: 'none' | 'several' } {
  const [first, ...more] = watchers.filter(({ location }) => sameRegion(location, region));
  if (!first) return { kind: 'none' };
  return more.length > 0 ? { kind: 'several' } : { kind: 'one', id: first.id };
}

/** `West Europe` and `westeurope` are one region. */
const sameRegion = (one: string, other: string): boolean => sameId(withoutSpaces(one), withoutSpaces(other));
const withoutSpaces = (region: string): string => region.replace(/\s/g, '');
