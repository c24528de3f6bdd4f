import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Json } from '../../../../shared/core/json';
import { toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import { policyBusy, policyRefused } from '../messages/policyFailures';
import { policyName } from '../../../../shared/messages/policies';
import type { PolicyRef, StoredPolicy } from '../../../../shared/core/policy';
import type { Limit } from '../../../../shared/core/limits';
import type { Arm } from '../../../../shared/azure/arm';
import { readCrowd } from '../../../../shared/azure/crowd';
import { azureErrorOf, detailOf } from '../../../../shared/azure/azureErrors';
import { failureOf, toFailure, type Call } from '../../../../shared/azure/failures';
import { LISTED_STORED_POLICY, POLICY_TYPE, storedPolicy } from '../../../../shared/azure/read/policy';
import { VM_ID, VM_SYSTEM } from '../../../../shared/azure/read/vm';
import { createReader } from '../../../../shared/azure/reader';
import { refusalOf } from '../../../../shared/azure/refusals';
import { addressOf, toRequest } from '../../../../shared/azure/request';
import { NOT_CARRIED_OUT, PASSING, retryAfterMs } from '../../../../shared/azure/retry';
import type { VmSystem } from '../../../../shared/core/resources';

/**
 * Where policies are written, with every field that Azure knows. Unless it says otherwise, a method throws a
 * `CodedError`.
 */
export interface PolicyWriter {
  /** All policies of a resource group, from all pages. */
  list(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly StoredPolicy[]>;
  /** The policy, unless there is none. */
  get(policy: PolicyRef, limit: Limit): Promise<StoredPolicy | undefined>;
  /** Replaces the whole policy. Sent once, because it may be out of date later. Throws a `WriteError`. */
  put(policy: PolicyRef, body: Json, limit: Limit): Promise<void>;
  /** Deletes the policy; one that is not there is well. Sent once. Throws a `WriteError`. */
  delete(policy: PolicyRef, limit: Limit): Promise<void>;
  getVm(vm: VmId, limit: Limit): Promise<VmSystem>;
  /** The same for one look at these VMs: none is read twice, and many come out of lists. */
  vmsAmong(vms: readonly VmId[]): Pick<PolicyWriter, 'getVm'>;
  /** The VMs of a resource group, or of a subscription without one, from all pages. */
  listVms(subscriptionId: string, resourceGroup: string | undefined, limit: Limit): Promise<readonly VmId[]>;
  /** Azure's clock in milliseconds since 1970, by the last answer. */
  readonly azureNow: () => number;
}

/**
 * Why a write failed. `passing`: of itself, soon. `busy`: another write is under way. `stale`: somebody wrote since the
 * policy was read. `refused`: what was sent. `lasting`: anything else.
 */
export type WriteTrouble = 'passing' | 'busy' | 'stale' | 'refused' | 'lasting';

/** A write that failed. The failure is the cause, a `CodedError` unless it is a bug. */
export class WriteError extends Error {
  override readonly name = 'WriteError';

  /**
   * `mayBeDone`: whether Azure may have carried it out, or may still do so. `retryAfterMs`: how long Azure asks to wait,
   * where it says so.
   */
  constructor(
    cause: unknown,
    readonly trouble: WriteTrouble,
    readonly mayBeDone: boolean,
    readonly retryAfterMs?: number,
  ) {
    super('Writing the policy failed.', { cause });
  }
}

/** Policies by way of Azure Resource Manager, with every field that Azure knows. */
export function createPolicyWriter(arm: Arm): PolicyWriter {
  const reader = createReader(arm);

  const write = async (policy: PolicyRef, verb: 'write' | 'delete', limit: Limit, body?: Json) => {
    const call: Call = {
      ...{ what: `The policy ${policyName(policy)}`, action: `${POLICY_TYPE}/${verb}`, scope: policy.id },
      sought: { noun: 'just-in-time policy', id: policy.id },
    };
    const url = addressOf(arm.url, policy.id, 'jit');
    const sent = toRequest(body ? { method: 'PUT', url, body } : { method: 'DELETE', url }, limit);
    try {
      const response = await arm.sendOnce(sent);
      const { status } = response;
      if (status >= 200 && status < 300) return;
      if (verb === 'delete' && status === 404 && isPolicyNotFound(response)) return;
      const trouble = troubleOf(response);
      const mayBeDone = trouble === 'passing' && !NOT_CARRIED_OUT.includes(status);
      const failure =
        trouble === 'refused'
          ? policyRefused(policy, detailOf(response))
          : trouble === 'busy'
            ? policyBusy(policy, detailOf(response))
            : failureOf(response, call);
      throw new WriteError(failure, trouble, mayBeDone, retryAfterMs(response));
    } catch (error) {
      if (error instanceof WriteError) throw error;
      // Whether it was carried out is read from the policy.
      const lost = isRestError(error) && !limit.signal.aborted;
      throw new WriteError(toFailure(error, call), lost ? 'passing' : 'lasting', arm.wasSent(sent));
    }
  };

  return {
    azureNow: arm.azureNow,

    list: (subscriptionId, resourceGroup, limit) =>
      reader.all(LISTED_STORED_POLICY, toGroupId(subscriptionId, resourceGroup), limit),
    get: (policy, limit) => reader.find(storedPolicy(policy), policy.id, limit, isPolicyNotFound),
    put: (policy, body, limit) => write(policy, 'write', limit, body),
    delete: (policy, limit) => write(policy, 'delete', limit),
    getVm: (vm, limit) => reader.get(VM_SYSTEM, vm.id, limit),
    vmsAmong(vms) {
      const crowd = readCrowd(reader, vms);
      return { getVm: (vm, limit) => crowd.get(VM_SYSTEM, vm.id, limit) };
    },
    listVms: (subscriptionId, resourceGroup, limit) =>
      reader.all(VM_ID, toGroupId(subscriptionId, resourceGroup), limit),
  };
}

/** Writing makes a policy where there is none: a 404 as well is about what was sent, such as a VM that is gone. */
const REFUSING: readonly number[] = [400, 404, 422];

/** What Azure explains by a code of its own is lasting, such as a lock, which is a conflict as well. */
function troubleOf(response: PipelineResponse): WriteTrouble {
  const { status } = response;
  if (refusalOf(response)) return 'lasting';
  const azure = azureErrorOf(response);
  if (azure && REFUSING.includes(status) && !OTHER_THINGS.includes(azure.code)) return 'refused';
  if (status === 409) return 'busy';
  if (status === 412) return 'stale';
  return PASSING.some((one) => one === status) ? 'passing' : 'lasting';
}

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
