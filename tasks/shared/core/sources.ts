import { ALL_ADDRESSES } from './addresses';
import { isAny, isIpv4, parsePrefixes, rangesOf, textsOf, toPrefixes, type Prefix } from './prefixes';
import { covers, createCover } from './ranges';

/**
 * Why a part of the source input cannot be used. `notIpv4`: it is not an IPv4 address or CIDR. `ipv6`: it is IPv6,
 * which just-in-time access does not support. `hostBits`: it is an address with the length of its network.
 * `everything`: it covers all addresses without an explicit `*`. `tag`: it is a name or a service tag. `mixed`: it is a
 * word or `*` that must be the only part.
 */
export type SourceProblem = 'notIpv4' | 'ipv6' | 'hostBits' | 'everything' | 'tag' | 'mixed';

export interface WrongSource {
  readonly text: string;
  readonly problem: SourceProblem;
  /** For `hostBits`: the network that might be meant. */
  readonly network?: string;
}

/** The sources to request: a way to determine them, any address, or a list as written. */
export type Source =
  | { readonly kind: 'agent' | 'azure' | 'policy' | 'any' }
  | { readonly kind: 'list'; readonly prefixes: readonly Prefix[] }
  | { readonly kind: 'wrong'; readonly parts: readonly WrongSource[] };

const WORDS: ReadonlyMap<string, 'agent' | 'azure' | 'policy' | 'any'> = new Map([
  ['agent', 'agent'],
  ['azure', 'azure'],
  ['policy', 'policy'],
  ['*', 'any'],
]);

function toWrong({ text, ipv4 }: Prefix): WrongSource | undefined {
  if (WORDS.has(text.toLowerCase())) return { text, problem: 'mixed' };
  if (text.includes(':')) return { text, problem: 'ipv6' };
  if (!ipv4) return { text, problem: /^[a-z]/i.test(text) ? 'tag' : 'notIpv4' };
  if (covers([ipv4], ALL_ADDRESSES)) return { text, problem: 'everything' };
  if (ipv4.hostBits) return { text, problem: 'hostBits', network: textsOf(toPrefixes([ipv4])).join() };
  return undefined;
}

/** Removes other spellings of the same addresses (`1.2.3.4`, `1.2.3.4/32`). The first one stays, as written. */
function withoutDuplicates(prefixes: readonly Prefix[]): readonly Prefix[] {
  const seen = new Map<string, Prefix>();
  for (const prefix of prefixes) if (!seen.has(prefix.key)) seen.set(prefix.key, prefix);
  return [...seen.values()];
}

/** Removes duplicate texts. Different spellings of the same addresses stay. */
export const eachOnce = (prefixes: readonly Prefix[]): readonly Prefix[] => [
  ...new Map(prefixes.map((prefix) => [prefix.text, prefix])).values(),
];

/** Reads the source input: only `agent`, `azure`, `policy`, or `*`, or comma-separated IPv4 addresses and CIDRs. */
export function parseSource(text: string): Source {
  const kind = WORDS.get(text.trim().toLowerCase());
  if (kind) return { kind };
  const prefixes = parsePrefixes(text.split(',').map((part) => part.trim()));
  const wrong = prefixes.map(toWrong).filter((part) => part !== undefined);
  if (wrong.length > 0) return { kind: 'wrong', parts: wrong };
  // Two halves of all addresses are all addresses.
  if (coverEverything(prefixes)) {
    return { kind: 'wrong', parts: prefixes.map((prefix) => ({ text: prefix.text, problem: 'everything' })) };
  }
  return { kind: 'list', prefixes: withoutDuplicates(prefixes) };
}

/** Whether prefixes name every IPv4 address, alone or together. */
export const coverEverything = (prefixes: readonly Prefix[]): boolean =>
  covers(rangesOf(prefixes), ALL_ADDRESSES);

/** Returns the wanted prefixes, each in the spelling of the entry with exactly the same addresses, if there is one. */
export function spelledAs(wanted: readonly Prefix[], entries: readonly Prefix[]): readonly Prefix[] {
  const spellings = new Map(entries.toReversed().map((entry) => [entry.key, entry]));
  return wanted.map((prefix) => spellings.get(prefix.key) ?? prefix);
}

/**
 * Returns the sources of one request: the one entry with exactly all of these addresses, if there is one, or otherwise
 * each source as `spelledAs` returns it. The policy's own text is certainly allowed.
 */
export function requestedAs(wanted: readonly Prefix[], entries: readonly Prefix[]): readonly Prefix[] {
  const [only, ...others] = rangesOf(wanted);
  const isOne = only !== undefined && others.length === 0 && wanted.every(isIpv4);
  const whole = isOne && entries.find(({ ipv4 }) => ipv4?.first === only.first && ipv4.last === only.last);
  return whole ? [whole] : spelledAs(wanted, entries);
}

/** Returns the prefixes, in their order, without those inside another one, which add nothing. */
export function withoutCovered(prefixes: readonly Prefix[]): readonly Prefix[] {
  const unique = withoutDuplicates(prefixes);
  const known = unique.flatMap(({ key, ipv4 }) => (ipv4 ? [{ key, ...ipv4 }] : []));
  const covered = new Set<string>();
  let last = -1;
  for (const one of known.toSorted((a, b) => a.first - b.first || b.last - a.last)) {
    // CIDRs never overlap partially: one that begins before the end of an earlier one is inside it.
    if (one.last <= last) covered.add(one.key);
    else last = one.last;
  }
  return unique.filter(({ key }) => !covered.has(key));
}

/**
 * Whether every inner prefix is completely inside the outer ones together. `*` is only inside `*` and its other
 * spelling, `0.0.0.0/0`. A prefix that is not IPv4 is only inside `*` and inside its own text.
 */
export function prefixesCover(outer: readonly Prefix[], inner: readonly Prefix[]): boolean {
  return inner.every(createPrefixCover(outer));
}

/**
 * Creates the same check for inner prefixes one at a time. Sorts `outer` once, which matters for lists of thousands.
 */
export function createPrefixCover(outer: readonly Prefix[]): (inner: Prefix) => boolean {
  if (outer.some(isAny)) return () => true;
  const covers = createCover(rangesOf(outer));
  const keys = new Set(outer.map(({ key }) => key));
  return (prefix) => (prefix.ipv4 && !isAny(prefix) ? covers(prefix.ipv4) : keys.has(prefix.key));
}
