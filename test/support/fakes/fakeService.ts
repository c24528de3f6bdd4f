import { toPolicy } from '../../../tasks/shared/azure/read/policy';
import type { Json } from '../../../tasks/shared/core/json';
import { notFound } from '../../../tasks/shared/messages/failures';
import type { StoredPolicy, PolicyRef } from '../../../tasks/shared/core/policy';
import type { Limit } from '../../../tasks/shared/core/limits';
import type { Principal } from '../azure/identity/principals';
import { POLICY_TYPE, policyToJson, type Policy } from '../azure/jit/policies';
import { spelling, type JitService } from '../azure/jit/service';
import type { Topology } from '../azure/network/topology';
import type { Settings } from '../azure/settings';
import type { Entrance } from './calls';

/** The parts of the fakes that read and write just-in-time policies. */
export interface ServiceParts {
  readonly service: JitService;
  readonly settings: Settings;
  readonly principal: Principal;
  readonly entrance: Entrance;
  readonly topology: Topology;
  readonly now: () => number;
}

const sameText = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Lists the policies of a resource group as a call. Throws JIT406 if there is no such group. */
export async function listStored(
  { service, entrance, topology }: ServiceParts,
  subscriptionId: string,
  resourceGroup: string,
  limit: Limit,
): Promise<readonly Policy[]> {
  const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  const right = { action: `${POLICY_TYPE}/read`, scope };
  await entrance.enter({ kind: 'policies.list', id: scope }, right, limit);
  if (!topology.hasGroup(subscriptionId, resourceGroup)) throw notFound('resource group', scope);
  return service.policies.filter(
    (policy) =>
      sameText(policy.subscriptionId, subscriptionId) && sameText(policy.resourceGroup, resourceGroup),
  );
}

/** Reads one policy as a call. Returns undefined if there is none. */
export async function readStored(
  { service, entrance }: ServiceParts,
  ref: PolicyRef,
  limit: Limit,
): Promise<Policy | undefined> {
  const right = { action: `${POLICY_TYPE}/read`, scope: ref.id };
  await entrance.enter({ kind: 'policy.get', id: ref.id }, right, limit);
  return service.find(ref, ref.name);
}

/** Returns a policy as the gateways do: parsed, and as it was written. */
export function toStored({ settings, now }: ServiceParts, policy: Policy): StoredPolicy {
  const body = policyToJson(policy, now(), spelling(settings)) as Json;
  return { policy: toPolicy(body), body };
}
