import {
  findPermanentAccess,
  judge,
  toFlow,
  type PermanentAccess,
  type PolicyFlow,
} from '../../../../shared/core/nsg/judge';
import type { Verdict } from '../../../../shared/core/nsg/verdict';
import type { VmNetwork } from '../../../../shared/core/network';
import { findOpenOverIpv6, type OpenOverIpv6 } from './overIpv6';
import type { Prefix } from '../../../../shared/core/prefixes';

/** What the rules say about one port of a VM, both for the wait and for a dry run. */
export interface JudgedPort {
  /** Whether the rules allow the sources at present, and what blocks them. */
  readonly verdict: Verdict;
  /** Rules that allow the sources without an active request. */
  readonly permanent: PermanentAccess | undefined;
  /** What allows the internet over IPv6, regardless of requests. */
  readonly overIpv6: OpenOverIpv6 | undefined;
}

/**
 * Evaluates the rules for one port of a VM.
 *
 * @param activeSources the sources for which active requests hold the port open, as just read
 */
export const judgePort = (
  network: VmNetwork,
  flow: PolicyFlow,
  activeSources: readonly Prefix[],
): JudgedPort => ({
  verdict: judge(network, flow),
  permanent: findPermanentAccess(network, flow, activeSources),
  overIpv6: findOpenOverIpv6(network, toFlow(flow)),
});
