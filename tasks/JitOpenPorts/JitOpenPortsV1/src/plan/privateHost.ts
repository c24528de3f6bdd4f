import { PUBLIC_ADDRESSES } from '../../../../shared/core/addresses';
import { covers } from '../../../../shared/core/ranges';
import type { RequestSource } from './findings';
import type { VmPlace } from './place';

/** A public address that leads to a VM, and not to the address that the rules are evaluated for. */
export interface PublicElsewhere {
  readonly nicId: string;
  readonly onPrimaryNic: boolean;
  /** Absent for the primary one of its NIC. */
  readonly configuration: string | undefined;
  /** Absent where it has no value at present, or may not be read. */
  readonly address: string | undefined;
}

/** What was found at the other places where a VM may have a public address. */
export interface Elsewhere {
  readonly found: readonly PublicElsewhere[];
  /** Why something was not read, as clauses. */
  readonly unread: readonly string[];
}

/**
 * That `host` is a private address although the sources are public ones, and what is known of it. `unread`: the primary IP
 * configuration has a public address that may not be read. `noValue`: it has one without a value. `elsewhere`: it has
 * none, and other places were read for one.
 */
export type PrivateHost = { readonly host: string; readonly powerState: string | undefined } & (
  | { readonly kind: 'unread' | 'noValue'; readonly publicIpId: string }
  | ({ readonly kind: 'elsewhere' } & Elsewhere)
);

/**
 * Whether sources can be seen to come from the internet: all of them addresses that only hosts there have. `*` may be
 * anything, and with `azure` and `policy` nobody knows which address it will be.
 */
export const isPublicSource = (source: RequestSource): boolean =>
  typeof source !== 'string' &&
  source.length > 0 &&
  source.every(({ ipv4 }) => ipv4 !== undefined && covers(PUBLIC_ADDRESSES, [ipv4]));

/** What is known of a host without reading more. `ask`: other places may have a public address. Nothing: it is public. */
export function privateHostOf(place: VmPlace): PrivateHost | { readonly kind: 'ask' } | undefined {
  const { privateIpAddress, publicIpAddress, publicIpId, powerState } = place;
  const host = privateIpAddress?.text;
  if (host === undefined || publicIpAddress !== undefined) return undefined;
  if (publicIpId === undefined) return { kind: 'ask' };
  return { kind: place.isPublicIpRead ? 'noValue' : 'unread', publicIpId, host, powerState };
}
