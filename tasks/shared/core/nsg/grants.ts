import type { SecurityRule } from '../network';
import { isIpv4, rangesOf, type Prefix } from '../prefixes';
import { covers, type Ranges } from '../ranges';
import { isJitRuleName } from './rules';

/**
 * Whether an allow rule belongs to active requests: it has a name that the service uses, and names no source beyond
 * those of the requests. Anyone can give a rule such a name, and a rule can outlive its request. Without a request that
 * covers it, what it opens is permanent access.
 *
 * @param activeSources addresses, CIDRs, and `*` for which active requests hold the port of the VM open, as just read
 */
export const isGrantRule = (
  { name, access, sources }: Pick<SecurityRule, 'name' | 'access' | 'sources'>,
  activeSources: readonly Prefix[],
): boolean => access === 'Allow' && isJitRuleName(name) && isWithin(sources, rangesOf(activeSources));

/** Whether all prefixes are IPv4 and lie within these ranges. False for an empty list: its sources are unknown. */
export const isWithin = (prefixes: readonly Prefix[], ranges: Ranges): boolean =>
  prefixes.length > 0 && prefixes.every(isIpv4) && covers(ranges, rangesOf(prefixes));
