import type { Json } from '../../../tasks/shared/domain/json';
import { CodedError } from '../../../tasks/shared/errors';
import { notFound, notReached } from '../../../tasks/shared/messages/failures';
import { ForbiddenError } from '../../../tasks/shared/messages/refusals';
import { policyRefused } from '../../../tasks/shared/messages/policies';
import { WriteError, type PolicyRef, type PolicyWriter } from '../../../tasks/shared/world';
import { Refusal } from '../azure/http/answers';
import { isAllowed } from '../azure/identity/principals';
import { POLICY_TYPE } from '../azure/jit/policies';
import { parsePolicyVms } from '../azure/jit/putPolicy';
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

/** Where policies are written, in memory. */
export function createFakePolicies(parts: Parts): PolicyWriter {
  const { service, principal, entrance, topology, now, vms } = parts;
  /** A call that changes something: what goes wrong before it is carried out may pass. */
  const write = async (work: () => Promise<'ok' | 'lostAnswer'>): Promise<void> => {
    try {
      if ((await work()) === 'ok') return;
    } catch (error) {
      const code = error instanceof CodedError ? error.code : '';
      const passing = /^JIT60[123]$/.test(code);
      throw new WriteError(error, passing ? 'soon' : undefined, passing && code !== 'JIT601');
    }
    throw new WriteError(notReached('The policy', 'its answer got lost'), 'soon', true);
  };
  return {
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
        const own = toWritable(ref, body, () => parsePolicyVms(JSON.stringify(body), ref.name, ref, vms));
        const action = 'Microsoft.Compute/virtualMachines/write';
        for (const { vm } of own)
          if (!isAllowed(principal, action, vm.id)) throw new ForbiddenError(action, vm.id);
        service.put(ref.name, ref, own);
        return entered;
      }),

    delete: (ref, limit) =>
      write(async () => {
        const right = { action: `${POLICY_TYPE}/delete`, scope: ref.id };
        const entered = await entrance.enter({ kind: 'policy.delete', id: ref.id }, right, limit);
        const found = service.find(ref, ref.name);
        if (found) service.remove(found);
        return entered;
      }),

    async getVm({ id }, limit) {
      const right = { action: 'Microsoft.Compute/virtualMachines/read', scope: id };
      await entrance.enter({ kind: 'vm', id }, right, limit);
      if (!topology.has(id)) throw notFound('VM', id);
      const { location, properties } = topology.read(id) as VmJson;
      const named = properties.storageProfile.osDisk.osType?.toLowerCase();
      const byProfile = properties.osProfile.windowsConfiguration ? 'windows' : undefined;
      return { location, system: named === 'linux' || named === 'windows' ? named : byProfile };
    },
  };
}

function toWritable<T>(ref: PolicyRef, body: Json, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Refusal) throw policyRefused(ref, error.answer.text);
    throw new Error(`The policy ${JSON.stringify(body)} was not taken.`, { cause: error });
  }
}
