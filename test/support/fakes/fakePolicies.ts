import { toPolicy } from '../../../tasks/shared/azure/jitModels';
import type { Json } from '../../../tasks/shared/domain/policyChange';
import { CodedError } from '../../../tasks/shared/errors';
import { ForbiddenError, notFound, notReached } from '../../../tasks/shared/messages/failures';
import { policyRefused } from '../../../tasks/shared/messages/policies';
import { WriteError, type PolicyWriter, type StoredPolicy } from '../../../tasks/shared/world';
import { Refusal } from '../azure/http/answers';
import { isAllowed, type Principal } from '../azure/identity/principals';
import { POLICY_TYPE, policyToJson, type Policy } from '../azure/jit/policies';
import { parsePolicyVms } from '../azure/jit/putPolicy';
import { spelling, type JitService } from '../azure/jit/service';
import type { Topology } from '../azure/network/topology';
import type { Vm } from '../azure/network/vms';
import type { Settings } from '../azure/settings';
import type { Entrance } from './calls';

interface Parts {
  readonly service: JitService;
  readonly settings: Settings;
  readonly principal: Principal;
  readonly entrance: Entrance;
  readonly topology: Topology;
  readonly now: () => number;
  readonly vms: readonly Vm[];
}

const sameText = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

interface VmJson {
  readonly location: string;
  readonly properties: {
    readonly storageProfile: { readonly osDisk: { readonly osType?: string } };
    readonly osProfile: { readonly windowsConfiguration?: object };
  };
}

/** Where policies are written, in memory. */
export function createFakePolicies(parts: Parts): PolicyWriter {
  const { service, settings, principal, entrance, topology, now, vms } = parts;
  const toStored = (policy: Policy): StoredPolicy => {
    const body = policyToJson(policy, now(), spelling(settings)) as Json;
    return { policy: toPolicy({ ...(body['properties'] as Json), id: body['id'] }), body };
  };
  /** A call that changes something: what goes wrong before it is carried out may pass. */
  const write = async (work: () => Promise<'ok' | 'lostAnswer'>): Promise<void> => {
    try {
      if ((await work()) === 'ok') return;
    } catch (error) {
      const passing = error instanceof CodedError && /^JIT60[123]$/.test(error.code);
      throw new WriteError(error, passing ? 'soon' : undefined);
    }
    throw new WriteError(notReached('The policy', 'its answer got lost'), 'soon');
  };
  return {
    azureNow: now,

    async list(subscriptionId, resourceGroup, limit) {
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
      const right = { action: `${POLICY_TYPE}/read`, scope };
      await entrance.enter({ kind: 'policies.list', id: scope }, right, limit);
      if (!topology.hasGroup(subscriptionId, resourceGroup)) throw notFound('resource group', scope);
      return service.policies
        .filter(
          (policy) =>
            sameText(policy.subscriptionId, subscriptionId) && sameText(policy.resourceGroup, resourceGroup),
        )
        .map(toStored);
    },

    async get(ref, limit) {
      const right = { action: `${POLICY_TYPE}/read`, scope: ref.id };
      await entrance.enter({ kind: 'policy.get', id: ref.id }, right, limit);
      const found = service.find(ref, ref.name);
      return found && toStored(found);
    },

    put: (ref, body, limit) =>
      write(async () => {
        const right = { action: `${POLICY_TYPE}/write`, scope: ref.id };
        const entered = await entrance.enter({ kind: 'policy.put', id: ref.id }, right, limit);
        const own = toWritable(ref.id, body, () => parsePolicyVms(JSON.stringify(body), ref.name, ref, vms));
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

function toWritable<T>(id: string, body: Json, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Refusal) throw policyRefused(id.split('/').at(-1) ?? '', error.answer.text);
    throw new Error(`The policy ${JSON.stringify(body)} was not taken.`, { cause: error });
  }
}
