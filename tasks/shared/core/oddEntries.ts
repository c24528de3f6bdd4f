import type { OddEntry, Policy } from './policy';

/** An entry that makes no sense, with the policy that has it. */
export interface FoundOdd {
  readonly policy: Policy;
  readonly entry: OddEntry;
}

/** The entries of policies that make no sense. */
export const oddEntriesOf = (policies: readonly Policy[]): readonly FoundOdd[] =>
  policies.flatMap((policy) => (policy.odd ?? []).map((entry) => ({ policy, entry })));

/**
 * Whether an entry may be about one of these VMs and ports.
 *
 * @param ports those that are wanted of each VM
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

/** Whether a request that cannot be read may hold a port of a VM open now: nobody knows then what stands behind a rule. */
export const mayHoldPort = (
  policies: readonly Policy[],
  vm: { readonly key: string },
  port: number,
  azureNow: number,
): boolean =>
  oddEntriesOf(policies).some(
    ({ entry }) => entry.part === 'request' && mayConcern(entry, [vm], [port], azureNow),
  );
