import type { SecurityRule } from '../network';
import { isIpv4, rangesOf, type Prefix } from '../prefixes';
import { covers, type Ranges } from '../ranges';
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
  activeSources: readonly Prefix[],
): boolean => access === 'Allow' && isJitRuleName(name) && isWithin(sources, rangesOf(activeSources));

/** Whether prefixes that all name IPv4 addresses name no more than these ranges; nothing named is nothing known. */
export const isWithin = (prefixes: readonly Prefix[], ranges: Ranges): boolean =>
  prefixes.length > 0 && prefixes.every(isIpv4) && covers(ranges, rangesOf(prefixes));
