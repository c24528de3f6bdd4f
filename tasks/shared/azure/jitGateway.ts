import { SecurityCenter } from '@azure/arm-security';
import type { Policy } from '../domain/policy';
import type { Clock, JitGateway, Limit, PolicyRef } from '../world';
import type { Arm } from './arm';
import { toFailure, type Call } from './failures';
import { createInitiate } from './write/initiate';
import { callFor } from './jitCalls';
import { requireSamePolicy, toListed, toPolicy } from './read/policy';
import { noteLinks } from './paging';
import { limitOf } from './retry';

/** The type of a policy, as actions name it. */
const TYPE = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

/** The just-in-time service by way of Azure Resource Manager. */
export function createJitGateway(arm: Arm, clock: Clock): JitGateway {
  const security = arm.connect((credential, id, options) => new SecurityCenter(credential, id, options));
  async function run<T>(call: Call, limit: Limit, work: () => Promise<T>): Promise<T> {
    limitOf.set(limit.signal, limit);
    try {
      return await work();
    } catch (error) {
      throw toFailure(error, call);
    }
  }

  const getPolicy = (policy: PolicyRef, limit: Limit): Promise<Policy> => {
    const call = callFor(`${TYPE}/read`, policy, 'The policy');
    return run(call, limit, async () => {
      const policies = security(policy.subscriptionId).jitNetworkAccessPolicies;
      const { resourceGroup, location, name } = policy;
      const found = toPolicy(
        await policies.get(resourceGroup, location, name, { abortSignal: limit.signal }),
      );
      requireSamePolicy(policy, found);
      return found;
    });
  };

  return {
    azureNow: arm.azureNow,
    getPolicy,
    initiate: createInitiate(arm, clock, getPolicy),

    listPolicies(subscriptionId, resourceGroup, limit) {
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const call = {
        what: 'The list of just-in-time policies',
        action: `${TYPE}/read`,
        scope,
        sought: { noun: 'resource group', id: scope },
      };
      return run(call, limit, async () => {
        const found: Policy[] = [];
        const options = { abortSignal: limit.signal, onResponse: noteLinks(call.what, limit) };
        const policies = security(subscriptionId).jitNetworkAccessPolicies;
        for await (const model of policies.listByResourceGroup(resourceGroup, options)) {
          found.push(toListed(model));
        }
        return found;
      });
    },
  };
}
