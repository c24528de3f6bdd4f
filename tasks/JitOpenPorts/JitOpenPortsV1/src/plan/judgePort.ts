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

/** What the rules say of one port of a VM, for the wait and for a dry run alike. */
export interface JudgedPort {
  /** Whether they allow the sources now, and what keeps them out. */
  readonly verdict: Verdict;
  /** Rules that allow the sources without an active request. */
  readonly permanent: PermanentAccess | undefined;
  /** What allows the internet over IPv6, whatever requests do. */
  readonly overIpv6: OpenOverIpv6 | undefined;
}

/** @param activeSources what active requests hold the port open for, read now */
export const judgePort = (
  network: VmNetwork,
  flow: PolicyFlow,
  activeSources: readonly Prefix[],
): JudgedPort => ({
  verdict: judge(network, flow),
  permanent: findPermanentAccess(network, flow, activeSources),
  overIpv6: findOpenOverIpv6(network, toFlow(flow)),
});
