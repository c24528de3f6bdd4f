import type { OddEntry, Policy } from './policy';

/** An entry that cannot be interpreted, with its policy. */
export interface FoundOdd {
  readonly policy: Policy;
  readonly entry: OddEntry;
}

/** Returns the entries of policies that cannot be interpreted. */
export const oddEntriesOf = (policies: readonly Policy[]): readonly FoundOdd[] =>
  policies.flatMap((policy) => (policy.odd ?? []).map((entry) => ({ policy, entry })));

/**
 * Whether an entry might be about one of these VMs and ports.
 *
 * @param ports the wanted ports of each VM
 * @param azureNow milliseconds since 1970, by Azure's clock
 */
export const mayConcern = (
  { part, vmKey, port, mayLastUntil }: OddEntry,
  vms: readonly { readonly key: string }[],
  ports: 'all' | readonly number[],
  azureNow: number,
): boolean =>
  (vmKey === undefined || vms.some(({ key }) => key === vmKey)) &&
  (port === undefined || ports === 'all' || ports.includes(port)) &&
  (part !== 'request' || mayLastUntil > azureNow);

/**
 * Whether a request that cannot be interpreted might hold a port of a VM open now. Then it is unknown which request a
 * rule belongs to.
 */
export const mayHoldPort = (
  policies: readonly Policy[],
  vm: { readonly key: string },
  port: number,
  azureNow: number,
): boolean =>
  oddEntriesOf(policies).some(
    ({ entry }) => entry.part === 'request' && mayConcern(entry, [vm], [port], azureNow),
  );
