import { ALL_ADDRESSES, parseCidr } from '../addresses';
import type { SecurityRule } from '../network';
import { covers, union, type Ranges } from '../ranges';
import { isJitRuleName } from './rules';

/**
 * Whether an allow rule stands for active requests: it has a name as the service gives, and names no source beyond
 * those that the requests hold. Anybody may give a rule such a name, and a rule may outlive its request: without a
 * request that covers it, what it opens is permanent access.
 *
 * @param activeSources addresses, CIDRs and `*` that active requests hold the port of the VM open for, read now
 */
export const isGrantRule = (
  { name, access, sources }: Pick<SecurityRule, 'name' | 'access' | 'sources'>,
  activeSources: readonly string[],
): boolean => access === 'Allow' && isJitRuleName(name) && isWithin(sources, toRanges(activeSources));

/** The addresses of a rule's or a request's sources; what is no IPv4 prefix is none. */
export const toRanges = (prefixes: readonly string[]): Ranges =>
  union(
    ...prefixes.map((prefix) =>
      prefix === '*' ? ALL_ADDRESSES : [parseCidr(prefix)].filter((cidr) => cidr !== undefined),
    ),
  );

/** Whether prefixes that can all be read name no more than these ranges; nothing named is nothing known. */
export const isWithin = (prefixes: readonly string[], ranges: Ranges): boolean =>
  prefixes.length > 0 &&
  prefixes.every((prefix) => prefix === '*' || parseCidr(prefix) !== undefined) &&
  covers(ranges, toRanges(prefixes));
