import { ALL_ADDRESSES, formatRanges, parseCidr } from './addresses';
import { covers } from './ranges';

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
  if (cidr.hostBits) return { text, problem: 'hostBits', network: formatRanges([cidr]).join() };
  return undefined;
}

/** The same addresses in two spellings (`1.2.3.4`, `1.2.3.4/32`) stay once, as written first. */
function withoutDuplicates(prefixes: readonly string[]): readonly string[] {
  return prefixes.filter(
    (prefix, at) =>
      prefixes.findIndex((other) => prefixCovers(other, prefix) && prefixCovers(prefix, other)) === at,
  );
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

/** Whether one prefix (address, CIDR or `*`) contains another. Only `*` contains `*`. */
export function prefixCovers(outer: string, inner: string): boolean {
  return prefixesCover([outer], [inner]);
}

/**
 * Whether every one of the inner prefixes lies wholly inside the outer ones taken together. Only `*` contains
 * `*`. A prefix that is not IPv4 lies only inside `*` and inside its own text.
 */
export function prefixesCover(outer: readonly string[], inner: readonly string[]): boolean {
  if (outer.includes('*')) return true;
  const ranges = outer.map(parseCidr).filter((cidr) => cidr !== undefined);
  return inner.every((prefix) => {
    const cidr = parseCidr(prefix);
    return cidr
      ? covers(ranges, [cidr])
      : outer.some((other) => other.toLowerCase() === prefix.toLowerCase());
  });
}
