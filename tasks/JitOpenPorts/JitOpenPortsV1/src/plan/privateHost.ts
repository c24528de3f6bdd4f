import { PUBLIC_ADDRESSES } from '../../../../shared/core/addresses';
import { covers } from '../../../../shared/core/ranges';
import type { RequestSource } from './findings';
import type { VmPlace } from './place';

/** A public address that leads to a VM, but not to the address for which the rules are evaluated. */
export interface PublicElsewhere {
  readonly nicId: string;
  readonly onPrimaryNic: boolean;
  /** Absent for the primary IP configuration of its NIC. */
  readonly configuration: string | undefined;
  /** Absent if it has no value at present, or cannot be read. */
  readonly address: string | undefined;
}

/** What was found at the other places where a VM can have a public address. */
export interface Elsewhere {
  readonly found: readonly PublicElsewhere[];
  /** Why something was not read, as clauses. */
  readonly unread: readonly string[];
}

/**
 * A `host` that is a private address although the sources are public, and what is known about it. `unread`: the primary
 * IP configuration has a public address that cannot be read. `noValue`: it has one without a value. `elsewhere`: it has
 * none, and other places were searched for one.
 */
export type PrivateHost = { readonly host: string; readonly powerState: string | undefined } & (
  | { readonly kind: 'unread' | 'noValue'; readonly publicIpId: string }
  | ({ readonly kind: 'elsewhere' } & Elsewhere)
);

/**
 * Whether all sources are addresses that only hosts on the internet have. `*` can be any address, and with `azure` and
 * `policy` the address is unknown.
 */
export const isPublicSource = (source: RequestSource): boolean =>
  typeof source !== 'string' &&
  source.length > 0 &&
  source.every(({ ipv4 }) => ipv4 !== undefined && covers(PUBLIC_ADDRESSES, [ipv4]));

/**
 * Returns what is known about a host without reading more. `unknown`: other places might have a public address.
 * `undefined`: the host is public, or no address is known.
 */
export function privateHostOf(place: VmPlace): PrivateHost | { readonly kind: 'unknown' } | undefined {
  const { privateIpAddress, publicIpAddress, publicIpId, powerState } = place;
  const host = privateIpAddress?.text;
  if (host === undefined || publicIpAddress !== undefined) return undefined;
  if (publicIpId === undefined) return { kind: 'unknown' };
  return { kind: place.isPublicIpRead ? 'noValue' : 'unread', publicIpId, host, powerState };
}
