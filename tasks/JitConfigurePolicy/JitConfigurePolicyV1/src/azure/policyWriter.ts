import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import type { Json } from '../../../../shared/core/json';
import { toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import { policyBusy, policyRefused } from '../messages/policyFailures';
import { policyName } from '../../../../shared/messages/policies';
import type { PolicyRef, StoredPolicy } from '../../../../shared/core/policy';
import type { Limit } from '../../../../shared/core/limits';
import type { Arm } from '../../../../shared/azure/arm';
import { readCrowd } from '../../../../shared/azure/crowd';
import { azureErrorOf, detailOf, type AzureError } from '../../../../shared/azure/azureErrors';
import { failureOf, toFailure, type Call } from '../../../../shared/azure/failures';
import { LISTED_STORED_POLICY, POLICY_TYPE, storedPolicy } from '../../../../shared/azure/read/policy';
import { VM_ID, VM_SYSTEM } from '../../../../shared/azure/read/vm';
import { createReader } from '../../../../shared/azure/reader';
import { refusalOf } from '../../../../shared/azure/refusals';
import { addressOf, toRequest } from '../../../../shared/azure/request';
import { NOT_CARRIED_OUT, PASSING, retryAfterMs } from '../../../../shared/azure/retry';
import type { VmSystem } from '../../../../shared/core/resources';

/** Writes policies with every field that Azure knows. Unless stated otherwise, a method throws a `CodedError`. */
export interface PolicyWriter {
  /** Lists all policies of a resource group, from all pages. */
  list(subscriptionId: string, resourceGroup: string, limit: Limit): Promise<readonly StoredPolicy[]>;
  /** Returns the policy, or undefined if it does not exist. */
  get(policy: PolicyRef, limit: Limit): Promise<StoredPolicy | undefined>;
  /**
   * Replaces the whole policy. Sends one request only, because the body might be out of date later. Throws a
   * `WriteError`.
   */
  put(policy: PolicyRef, body: Json, limit: Limit): Promise<void>;
  /**
   * Deletes the policy. A policy that does not exist is not an error. Sends one request only. Throws a `WriteError`.
   */
  delete(policy: PolicyRef, limit: Limit): Promise<void>;
  getVm(vm: VmId, limit: Limit): Promise<VmSystem>;
  /** Returns a reader for one round of reads of these VMs: no VM is read twice, and many VMs are read from lists. */
  vmsAmong(vms: readonly VmId[]): Pick<PolicyWriter, 'getVm'>;
  /** Lists the VMs of a resource group, or of the subscription if there is no group, from all pages. */
  listVms(subscriptionId: string, resourceGroup: string | undefined, limit: Limit): Promise<readonly VmId[]>;
  /** Azure's clock in milliseconds since 1970, from the last response. */
  readonly azureNow: () => number;
}

/**
 * Why a write failed. `passing`: a problem that soon ends by itself. `busy`: another write is in progress. `stale`:
 * another writer changed the policy since it was read. `refused`: Azure rejects the content. `lasting`: anything else.
 */
export type WriteTrouble = 'passing' | 'busy' | 'stale' | 'refused' | 'lasting';

/** A write that failed. `cause` is the failure: a `CodedError`, unless it is a bug. */
export class WriteError extends Error {
  override readonly name = 'WriteError';

  /**
   * @param mayBeDone whether Azure might have carried out the write, or might still do so
   * @param retryAfterMs the pause that Azure requires, in milliseconds, if it names one
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

/** Creates a policy writer that uses Azure Resource Manager, with every field that Azure knows. */
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
      // Whether the write was carried out is read from the policy.
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

/**
 * A write creates the policy if there is none. Therefore, a 404 is also about the content, such as a VM that no longer
 * exists.
 */
const REFUSING: readonly number[] = [400, 404, 422];

/** A failure that Azure explains with a specific code is permanent. For example, a lock is a 409 too. */
function troubleOf(response: PipelineResponse): WriteTrouble {
  const { status } = response;
  if (refusalOf(response)) return 'lasting';
  const azure = azureErrorOf(response);
  if (azure && REFUSING.includes(status) && !isOfOtherThing(azure)) return 'refused';
  if (status === 409) return 'busy';
  if (status === 412) return 'stale';
  return PASSING.some((one) => one === status) ? 'passing' : 'lasting';
}

/** Codes of a 404 that are about something other than the policy, in lower case. The case differs between services. */
const OTHER_THINGS = [
  ...['resourcegroupnotfound', 'subscriptionnotfound', 'invalidsubscriptionid'],
  ...['invalidresourcetype', 'invalidresourcenamespace'],
];

const isOfOtherThing = ({ code }: AzureError): boolean => OTHER_THINGS.includes(code.toLowerCase());

/**
 * Whether Azure itself says that the policy does not exist. A page in place of a response says nothing about policies.
 */
function isPolicyNotFound(response: PipelineResponse): boolean {
  const azure = azureErrorOf(response);
  if (refusalOf(response, azure)) return false;
  return azure !== undefined && !isOfOtherThing(azure);
}
