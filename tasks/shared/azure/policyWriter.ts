import { createHttpHeaders, createPipelineRequest, isRestError } from '@azure/core-rest-pipeline';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { Json } from '../domain/json';
import { policyRefused } from '../messages/policies';
import { WriteError, type Limit, type PolicyRef, type PolicyWriter, type StoredPolicy } from '../world';
import type { Arm } from './arm';
import { azureErrorOf, detailOf } from './azureErrors';
import { explainedFailure, failureOf, toFailure, type Call } from './failures';
import { JIT_SERVICE, JIT_VERSION } from './jitCalls';
import { requireSamePolicy, toListed, toPolicy } from './read/policy';
import { createJsonReader, flatten } from './jsonReader';
import { refusalOf } from './refusals';
import { limitOf, NOT_CARRIED_OUT, PASSING, retryAfterMs } from './retry';
import { COMPUTE_API_VERSION, toVmSystem } from './read/vm';

/** The type of a policy, as actions name it. */
const TYPE = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

/** Policies by way of Azure Resource Manager, as JSON: the SDK would drop the fields that it does not know. */
export function createPolicyWriter(arm: Arm): PolicyWriter {
  const reader = createJsonReader(arm);
  const request = (method: 'PUT' | 'DELETE', url: string, limit: Limit, body?: Json) => {
    limitOf.set(limit.signal, limit);
    const headers = { Accept: 'application/json', ...(body && { 'Content-Type': 'application/json' }) };
    return createPipelineRequest({
      ...{ url, method, headers: createHttpHeaders(headers), abortSignal: limit.signal },
      ...(body && { body: JSON.stringify(body) }),
    });
  };
  const urlOf = (id: string) => reader.url(id, JIT_VERSION);

  const write = async (policy: PolicyRef, verb: 'write' | 'delete', limit: Limit, body?: Json) => {
    const call = callOf(policy.id, `${TYPE}/${verb}`, `The policy ${policy.name}`, 'just-in-time policy');
    const sent = request(body ? 'PUT' : 'DELETE', urlOf(policy.id), limit, body);
    try {
      const response = await arm.sendOnce(sent);
      const { status } = response;
      if (status >= 200 && status < 300) return;
      const explained = explainedFailure(response, call);
      if (explained) throw new WriteError(explained, undefined, false);
      const passing = PASSING.some((one) => one === status);
      const failure =
        status === 400 && azureErrorOf(response)
          ? policyRefused(policy.name, detailOf(response))
          : failureOf(response, call);
      const mayBeDone = passing && !NOT_CARRIED_OUT.includes(status);
      throw new WriteError(failure, passing ? (retryAfterMs(response) ?? 'soon') : undefined, mayBeDone);
    } catch (error) {
      if (error instanceof WriteError) throw error;
      // Whether it was carried out is read from the policy.
      const lost = isRestError(error) && !limit.signal.aborted;
      throw new WriteError(toFailure(error, call), lost ? 'soon' : undefined, arm.wasSent(sent));
    }
  };

  return {
    azureNow: arm.azureNow,

    async list(subscriptionId, resourceGroup, limit) {
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const call = callOf(scope, `${TYPE}/read`, 'The list of just-in-time policies', 'resource group');
      const found: StoredPolicy[] = [];
      const url = urlOf(`${scope}/providers/Microsoft.Security/jitNetworkAccessPolicies`);
      for await (const page of reader.pages(url, call, limit)) found.push(...page.map(toListedStored));
      return found;
    },

    async get(policy, limit) {
      const call = callOf(policy.id, `${TYPE}/read`, `The policy ${policy.name}`, 'just-in-time policy');
      const body = await reader.find(urlOf(policy.id), call, limit, isPolicyNotFound);
      if (!body) return undefined;
      const stored = toStored(body);
      requireSamePolicy(policy, stored.policy);
      return stored;
    },

    put: (policy, body, limit) => write(policy, 'write', limit, body),
    delete: (policy, limit) => write(policy, 'delete', limit),

    async getVm(vm, limit) {
      const call = callOf(vm.id, 'Microsoft.Compute/virtualMachines/read', `The VM ${vm.id}`, 'VM');
      return toVmSystem(await reader.get(reader.url(vm.id, COMPUTE_API_VERSION), call, limit), call.what);
    },
  };
}

const callOf = (id: string, action: string, what: string, noun: string): Call => ({
  ...{ what, action, scope: id, sought: { noun, id } },
});

/** Codes of a 404 that speak of something else than the policy. */
const OTHER_THINGS = [
  ...['ResourceGroupNotFound', 'SubscriptionNotFound', 'InvalidSubscriptionId'],
  ...['InvalidResourceType', 'InvalidResourceNamespace'],
];

/** A policy that is not there, in Azure's own words: a page in the place of an answer says nothing of policies. */
function isPolicyNotFound(response: PipelineResponse): boolean {
  const azure = azureErrorOf(response);
  if (refusalOf(response, azure)) return false;
  return azure !== undefined && !OTHER_THINGS.includes(azure.code);
}

const toListedStored = (body: unknown): StoredPolicy => ({
  policy: toListed(body, (raw) => flatten(raw, JIT_SERVICE)),
  body: typeof body === 'object' && body !== null ? (body as Json) : {},
});

const toStored = (body: Json): StoredPolicy => ({ policy: toPolicy(flatten(body, JIT_SERVICE)), body });
