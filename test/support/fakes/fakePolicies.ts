import { parseVmId, toGroupId } from '../../../tasks/shared/core/resourceIds';
import { kindOf } from '../../../tasks/shared/core/codes';
import { CodedError } from '../../../tasks/shared/core/errors';
import { notFound, notReached } from '../../../tasks/shared/messages/failures';
import { forbidden } from '../../../tasks/shared/messages/refusals';
import {
  policyBusy,
  policyRefused,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policyFailures';
import {
  WriteError,
  type PolicyWriter,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import type { PolicyRef } from '../../../tasks/shared/core/policy';
import { Refusal } from '../azure/http/answers';
import { isAllowed } from '../azure/identity/principals';
import { POLICY_TYPE } from '../azure/jit/policies';
import { parseAppendMode, parsePolicyVms } from '../azure/jit/putPolicy';
import type { Vm } from '../azure/network/vms';
import { listStored, readStored, toStored, type ServiceParts } from './fakeService';

interface Parts extends ServiceParts {
  readonly vms: readonly Vm[];
}

interface VmJson {
  readonly location: string;
  readonly properties: {
    readonly storageProfile: { readonly osDisk: { readonly osType?: string } };
    readonly osProfile: { readonly windowsConfiguration?: object };
  };
}

const VM_READ = 'Microsoft.Compute/virtualMachines/read';

/** Creates the policy writer in memory. */
export function createFakePolicies(parts: Parts): PolicyWriter {
  const { service, principal, entrance, topology, now, vms } = parts;
  /** A call that changes something. A failure before it is carried out can be temporary. */
  const write = async (work: () => Promise<'ok' | 'lostAnswer'>): Promise<void> => {
    try {
      if ((await work()) === 'ok') return;
    } catch (error) {
      if (error instanceof WriteError) throw error;
      const kind = error instanceof CodedError ? kindOf(error) : 'bug';
      const mayBeDone = kind === 'serverError' || kind === 'notReached';
      const trouble = mayBeDone || kind === 'throttled' ? 'passing' : 'lasting';
      throw new WriteError(error, trouble, mayBeDone);
    }
    throw new WriteError(notReached('The policy', 'its answer got lost'), 'passing', true);
  };
  const policies: PolicyWriter = {
    vmsAmong: () => policies,
    azureNow: now,

    list: async (subscriptionId, resourceGroup, limit) =>
      (await listStored(parts, subscriptionId, resourceGroup, limit)).map((policy) =>
        toStored(parts, policy),
      ),

    async get(ref, limit) {
      const found = await readStored(parts, ref, limit);
      return found && toStored(parts, found);
    },

    put: (ref, body, limit) =>
      write(async () => {
        const right = { action: `${POLICY_TYPE}/write`, scope: ref.id };
        const entered = await entrance.enter({ kind: 'policy.put', id: ref.id }, right, limit);
        refusing(ref, () => {
          const text = JSON.stringify(body);
          const own = parsePolicyVms(text, ref.name, ref, vms);
          const action = 'Microsoft.Compute/virtualMachines/write';
          for (const { vm } of own) if (!isAllowed(principal, action, vm.id)) throw forbidden(action, vm.id);
          service.put(ref.name, ref, own, parseAppendMode(text));
        });
        return entered;
      }),

    delete: (ref, limit) =>
      write(async () => {
        const right = { action: `${POLICY_TYPE}/delete`, scope: ref.id };
        const entered = await entrance.enter({ kind: 'policy.delete', id: ref.id }, right, limit);
        const found = service.find(ref, ref.name);
        refusing(ref, () => {
          if (found) service.requireIdle(found);
          if (found) service.remove(found);
        });
        return entered;
      }),

    async listVms(subscriptionId, resourceGroup, limit) {
      const scope = toGroupId(subscriptionId, resourceGroup);
      await entrance.enter({ kind: 'vms.list', id: scope }, { action: VM_READ, scope }, limit);
      if (resourceGroup !== undefined && !topology.hasGroup(subscriptionId, resourceGroup))
        throw notFound('resource group', scope);
      return topology
        .list(subscriptionId, 'Microsoft.Compute/virtualMachines')
        .filter(({ group }) => group === (resourceGroup?.toLowerCase() ?? group))
        .flatMap(({ resource }) => parseVmId(resource.id) ?? []);
    },

    async getVm({ id }, limit) {
      await entrance.enter({ kind: 'vm', id }, { action: VM_READ, scope: id }, limit);
      if (!topology.has(id)) throw notFound('VM', id);
      const { location, properties } = topology.read(id) as VmJson;
      const named = properties.storageProfile.osDisk.osType?.toLowerCase();
      const byProfile = properties.osProfile.windowsConfiguration ? 'windows' : undefined;
      return { location, system: named === 'linux' || named === 'windows' ? named : byProfile };
    },
  };
  return policies;
}

/** Does what the service might refuse, and converts its refusal into the failure of a write. */
function refusing(ref: PolicyRef, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, text } = error.answer;
    if (status === 409) throw new WriteError(policyBusy(ref, text), 'busy', false);
    throw new WriteError(policyRefused(ref, text), 'refused', false);
  }
}
