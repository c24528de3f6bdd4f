import type { VmNetwork } from '../../../../shared/core/network';
import type { Prefix } from '../../../../shared/core/prefixes';
import { sizeOf } from '../../../../shared/core/ranges';
import { evaluateSure } from '../../../../shared/core/nsg/evaluate';
import { IPV6, publicPrefixes, rangesIn } from '../../../../shared/core/nsg/family';
import type { Flow, RuleAt } from '../../../../shared/core/nsg/verdict';

/** What allows the internet over IPv6. */
export interface OpenOverIpv6 {
  readonly rules: readonly RuleAt[];
  /** Whether every public address gets in; else it is more than half of them. */
  readonly everybody: boolean;
}

/**
 * The rules, if any, that surely allow more than half of the public addresses of IPv6. Requests of just-in-time access
 * are of IPv4, and so are the service's own rules: whatever allows somebody over IPv6 is permanent access. Nothing where the VM has
 * no address of IPv6 that is known, where no security group was read, and where what may allow somebody cannot be resolved: that
 * is not known to be open, nor to be closed.
 */
export function findOpenOverIpv6(
  network: VmNetwork,
  { port, protocol }: Pick<Flow, 'port' | 'protocol'>,
): OpenOverIpv6 | undefined {
  if (network.groups.length === 0) return undefined;
  for (const address of network.ipv6 ?? []) {
    const evaluateFor = (sources: readonly Prefix[]) =>
      evaluateSure({ ...network, ...address }, { sources, port, protocol });
    const verdict = evaluateFor(publicPrefixes(IPV6));
    if (verdict.admits) return { rules: verdict.admittedBy, everybody: true };
    const admitted = rangesIn(IPV6, verdict.admittedSources);
    if (sizeOf(admitted) * 2n > sizeOf(IPV6.publicOnes)) {
      // Asked about these alone: a rule whose sources the other group stops allows nobody.
      return { rules: evaluateFor(IPV6.toPrefixes(admitted)).admittedBy, everybody: false };
    }
  }
  return undefined;
}
