import type { VmNetwork } from '../../../../shared/core/network';
import type { Prefix } from '../../../../shared/core/prefixes';
import { sizeOf } from '../../../../shared/core/ranges';
import { evaluateSure } from '../../../../shared/core/nsg/evaluate';
import { IPV6, publicPrefixes, rangesIn } from '../../../../shared/core/nsg/family';
import type { Flow, RuleAt } from '../../../../shared/core/nsg/verdict';

/** What allows the internet over IPv6. */
export interface OpenOverIpv6 {
  readonly rules: readonly RuleAt[];
  /** Whether every public address is allowed. Otherwise, more than half of them are. */
  readonly everyAddress: boolean;
}

/**
 * Returns the rules, if any, that certainly allow more than half of the public IPv6 addresses. Requests of just-in-time
 * access, and the service's own rules, apply to IPv4 only: anything that is allowed over IPv6 is permanent access.
 * Returns `undefined` if the VM has no known IPv6 address, if no NSG was read, and if it cannot be resolved who is
 * allowed: then the port is known neither as open nor as closed.
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
    if (verdict.admits) return { rules: verdict.admittedBy, everyAddress: true };
    const admitted = rangesIn(IPV6, verdict.admittedSources);
    if (sizeOf(admitted) * 2n > sizeOf(IPV6.publicOnes)) {
      // Evaluated for these addresses alone: a rule whose sources the other NSG blocks allows no one.
      return { rules: evaluateFor(IPV6.toPrefixes(admitted)).admittedBy, everyAddress: false };
    }
  }
  return undefined;
}
