import { entriesFor } from '../plan/policyChange';
import { isPathPart, toPolicyId, type VmId } from '../../../../shared/core/resourceIds';
import { senselessAnswer } from '../../../../shared/messages/failures';
import * as say from '../messages/policies';
import type { StoredPolicy, PolicyRef } from '../../../../shared/core/policy';
import type { VmSystem } from '../../../../shared/core/resources';
import type { ConfigureContext } from '../context';
import { policyNameFor, type ConfigureInputs } from '../plan/inputs';

/** A policy that lists a VM, or to which the VM is to be added. Without `stored`, it does not exist yet. */
export interface PolicyOfVm {
  readonly ref: PolicyRef;
  readonly stored: StoredPolicy | undefined;
}

/** A VM that the named policy does not list, and the policies that do. */
export interface NotListed {
  readonly vm: VmId;
  readonly policyName: string;
  readonly found: readonly PolicyRef[];
}

/**
 * Returns the policies that list the VM and are meant. If `policyName` names one of them, this is the only one. If it
 * names none of them, a removal concerns no policy, and the VM is added to `notListed`.
 */
export function listingPolicies(
  all: readonly StoredPolicy[],
  vm: VmId,
  inputs: ConfigureInputs,
  { log }: ConfigureContext,
  notListed: NotListed[],
): readonly PolicyOfVm[] {
  const policyName = policyNameFor(inputs, vm);
  const listing = all.filter(isListing(vm)).map((stored) => ({ ref: stored.policy, stored }));
  if (!policyName || listing.length === 0) return listing;
  const named = listing.filter(({ ref }) => sameText(ref.name, policyName));
  if (named.length > 0) return named;
  if (inputs.action === 'remove') {
    notListed.push({ vm, policyName, found: listing.map(({ ref }) => ref) });
    return [];
  }
  for (const { ref } of meantPolicies(listing, inputs)) log.line(say.otherPolicyWins(vm, ref, policyName));
  return listing;
}

/**
 * Returns those of the policies listing a VM that are to be changed. To remove a port, or to keep only the wanted
 * ports, these are all of them, because a port can be requested while any policy has it. Otherwise, this is only the
 * first one.
 */
export const meantPolicies = (
  listing: readonly PolicyOfVm[],
  { action, mode, removals }: ConfigureInputs,
): readonly PolicyOfVm[] =>
  action === 'remove' || mode === 'exact' || removals.length > 0 ? listing : listing.slice(0, 1);

/** Returns the policy for a VM that no policy lists. A policy holds only VMs of one resource group and one region. */
export function placeFor(
  vm: VmId,
  { location }: VmSystem,
  all: readonly StoredPolicy[],
  name: string,
): PolicyOfVm {
  const region = location.toLowerCase().replace(/\s/g, '');
  if (!isPathPart(region)) throw senselessAnswer(`The VM ${vm.id}`, `the location is ${location}`);
  const stored = all.find(
    ({ policy }) => sameText(policy.name, name) && sameText(policy.location.replace(/\s/g, ''), region),
  );
  const { subscriptionId, resourceGroup } = vm;
  const id = toPolicyId(subscriptionId, resourceGroup, region, name);
  const ref = stored?.policy ?? { id, name, subscriptionId, resourceGroup, location: region };
  return { ref, stored };
}

export const isListing =
  (vm: VmId) =>
  ({ body }: StoredPolicy): boolean =>
    entriesFor(body, vm).length > 0;

export const sameText = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
