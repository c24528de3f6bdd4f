import { textsOf } from '../../../../shared/core/prefixes';
import type { FilteredPlace } from './readFilters';

/** What just-in-time access has no place to write its rules at. */
export interface Unprotected {
  /** `firewallPolicy`: there are firewalls, all of them managed by Firewall Policy. */
  readonly reason: 'noFilter' | 'firewallPolicy';
  readonly addresses: readonly string[];
  /** Whether it is every address of the VM. */
  readonly all: boolean;
}

/** The addresses of a VM that neither a security group nor a firewall with classic rules filters. */
export function findUnprotected(places: readonly FilteredPlace[]): Unprotected | undefined {
  const bare = places.filter(({ firewalls }) => firewalls?.every(({ hasPolicy }) => hasPolicy));
  if (bare.length === 0) return undefined;
  return {
    reason: bare.every(({ firewalls = [] }) => firewalls.length > 0) ? 'firewallPolicy' : 'noFilter',
    addresses: textsOf(bare.map(({ network }) => network.privateIpAddress)),
    all: bare.length === places.length,
  };
}
