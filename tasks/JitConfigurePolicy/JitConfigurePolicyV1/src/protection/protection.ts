import { textsOf } from '../../../../shared/core/prefixes';
import type { FilteredPlace } from './readFilters';

/** Addresses of a VM for which just-in-time access has no place to write its rules. */
export interface Unprotected {
  /** `firewallPolicy`: there are firewalls, and Firewall Policy manages all of them. */
  readonly reason: 'noFilter' | 'firewallPolicy';
  readonly addresses: readonly string[];
  /** Whether these are all addresses of the VM. */
  readonly all: boolean;
}

/** Returns the addresses of a VM that neither an NSG nor a firewall with classic rules filters, if there are any. */
export function findUnprotected(places: readonly FilteredPlace[]): Unprotected | undefined {
  const bare = places.filter(({ firewalls }) => firewalls?.every(({ hasPolicy }) => hasPolicy));
  if (bare.length === 0) return undefined;
  return {
    reason: bare.every(({ firewalls = [] }) => firewalls.length > 0) ? 'firewallPolicy' : 'noFilter',
    addresses: textsOf(bare.map(({ network }) => network.privateIpAddress)),
    all: bare.length === places.length,
  };
}
