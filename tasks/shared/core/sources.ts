import { ALL_ADDRESSES, parseCidr } from './addresses';
import { textsOf, toPrefixes } from './prefixes';
import { covers, createCover, union, type Range } from './ranges';

/**
 * Why a part of the source input cannot be used: not an IPv4 address or CIDR; IPv6, which just-in-time access
 * lacks; an address with the length of its network; all addresses without a written `*`; a name or service tag;
 * a word or `*` that must stand alone.
 */
export type SourceProblem = 'notIpv4' | 'ipv6' | 'hostBits' | 'everything' | 'tag' | 'mixed';

export interface WrongSource {
  readonly text: string;
  readonly problem: SourceProblem;
  /** For `hostBits`: the network that may have been meant. */
  readonly network?: string;
}

/** Where access is asked for: a way to find it out, any address, or a list as written. */
export type Source =
  | { readonly kind: 'agent' | 'azure' | 'policy' | 'any' }
  | { readonly kind: 'list'; readonly prefixes: readonly string[] }
  | { readonly kind: 'wrong'; readonly parts: readonly WrongSource[] };

const WORDS: ReadonlyMap<string, 'agent' | 'azure' | 'policy' | 'any'> = new Map([
  ['agent', 'agent'],
  ['azure', 'azure'],
  ['policy', 'policy'],
  ['*', 'any'],
]);

function toWrong(text: string): WrongSource | undefined {
  if (WORDS.has(text.toLowerCase())) return { text, problem: 'mixed' };
  if (text.includes(':')) return { text, problem: 'ipv6' };
  const cidr = parseCidr(text);
  if (!cidr) return { text, problem: /^[a-z]/i.test(text) ? 'tag' : 'notIpv4' };
  if (covers([cidr], ALL_ADDRESSES)) return { text, problem: 'everything' };
  if (cidr.hostBits) return { text, problem: 'hostBits', network: textsOf(toPrefixes([cidr])).join() };
  return undefined;
}

/** One key for all spellings of the same addresses: `*` and `0.0.0.0/0`, `1.2.3.4` and `1.2.3.4/32`. */
function toKey(prefix: string): string {
  const cidr = prefix === '*' ? EVERYTHING : parseCidr(prefix);
  return cidr ? `${cidr.first}-${cidr.last}` : prefix.toLowerCase();
}

const EVERYTHING: Range = { first: 0, last: 2 ** 32 - 1 };

/** The same addresses in two spellings (`1.2.3.4`, `1.2.3.4/32`) stay once, as written first. */
function withoutDuplicates(prefixes: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const prefix of prefixes) if (!seen.has(toKey(prefix))) seen.set(toKey(prefix), prefix);
  return [...seen.values()];
}

/** Reads the source input: `agent`, `azure`, `policy` or `*` alone, else IPv4 addresses and CIDRs by comma. */
export function parseSource(text: string): Source {
  const kind = WORDS.get(text.trim().toLowerCase());
  if (kind) return { kind };
  const prefixes = text.split(',').map((part) => part.trim());
  const wrong = prefixes.map(toWrong).filter((part) => part !== undefined);
  if (wrong.length > 0) return { kind: 'wrong', parts: wrong };
  // Two halves of everything are everything.
  if (prefixesCover(prefixes, ['0.0.0.0/0'])) {
    return { kind: 'wrong', parts: prefixes.map((prefix) => ({ text: prefix, problem: 'everything' })) };
  }
  return { kind: 'list', prefixes: withoutDuplicates(prefixes) };
}

/**
 * Whether a text is something that a request may name: an IPv4 address, a CIDR or `*`. What Azure or another run's
 * request names is foreign text until it has passed this.
 */
export const isPrefix = (text: string): boolean => text === '*' || parseCidr(text) !== undefined;

/** Whether a prefix stands for more than one address. */
export function isWide(prefix: string): boolean {
  const cidr = parseCidr(prefix);
  return cidr === undefined || cidr.first !== cidr.last;
}

/** Wanted prefixes in the spelling of the entries that mean exactly the same addresses, where there is one. */
export function spelledAs(wanted: readonly string[], entries: readonly string[]): readonly string[] {
  const spellings = new Map(entries.toReversed().map((entry) => [toKey(entry), entry]));
  return wanted.map((prefix) => spellings.get(toKey(prefix)) ?? prefix);
}

/**
 * The same for sources that are asked for together: the one entry that means all of these addresses and no other, where
 * there is one. The policy's own text is sure to be allowed.
 */
export function requestedAs(wanted: readonly string[], entries: readonly string[]): readonly string[] {
  const ranges = wanted.map((prefix) => (prefix === '*' ? EVERYTHING : parseCidr(prefix)));
  const [only, ...others] = union(ranges.filter((range) => range !== undefined));
  const isOne = only !== undefined && others.length === 0 && !ranges.includes(undefined);
  const whole = isOne && entries.find((entry) => toKey(entry) === `${only.first}-${only.last}`);
  return whole ? [whole] : spelledAs(wanted, entries);
}

/** Whether a prefix is one of these, in whatever spelling. */
export function createPrefixSet(prefixes: readonly string[]): (prefix: string) => boolean {
  const keys = new Set(prefixes.map(toKey));
  return (prefix) => keys.has(toKey(prefix));
}

/** The prefixes, without those that lie inside another one: overlaps say nothing more. Their order stays. */
export function withoutCovered(prefixes: readonly string[]): readonly string[] {
  const unique = withoutDuplicates(prefixes);
  const ranges = unique.map((prefix) => ({ prefix, range: prefix === '*' ? EVERYTHING : parseCidr(prefix) }));
  const known = ranges.flatMap(({ prefix, range }) => (range ? [{ prefix, ...range }] : []));
  const covered = new Set<string>();
  let last = -1;
  for (const one of known.toSorted((a, b) => a.first - b.first || b.last - a.last)) {
    // CIDRs never overlap in part: what begins before the end of an earlier one lies inside it.
    if (one.last <= last) covered.add(one.prefix);
    else last = one.last;
  }
  return unique.filter((prefix) => !covered.has(prefix));
}

/**
 * Whether every one of the inner prefixes lies wholly inside the outer ones taken together. `*` lies only inside `*`
 * and its other spelling, `0.0.0.0/0`. A prefix that is not IPv4 lies only inside `*` and inside its own text.
 */
export function prefixesCover(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every(createPrefixCover(outer));
}

/** The same for inner prefixes one by one: `outer` is put in order once, which counts where a list has thousands. */
export function createPrefixCover(outer: readonly string[]): (inner: string) => boolean {
  if (outer.includes('*')) return () => true;
  const covers = createCover(outer.map(parseCidr).filter((cidr) => cidr !== undefined));
  const keys = new Set(outer.map(toKey));
  return (prefix) => {
    const cidr = parseCidr(prefix);
    return cidr ? covers(cidr) : keys.has(toKey(prefix));
  };
}
