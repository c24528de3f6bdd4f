import type { JitGateway, NetworkGateway, PolicyWriter, RightsGateway } from '../../../tasks/shared/world';
import type { NewPolicy, NewVm, PolicyHandle, Principal, Settings, Vm } from '../azure';
import { createPrincipal, permissionsAt } from '../azure/identity/principals';
import type { Policy } from '../azure/jit/policies';
import { createJitService } from '../azure/jit/service';
import { createTopology } from '../azure/network/topology';
import { createVm } from '../azure/network/vms';
import { defaultSettings } from '../azure/settings';
import { createEntrance, type Entrance } from './calls';
import { createFakeJit } from './fakeJit';
import { createFakeNetwork } from './fakeNetwork';
import { createFakePolicies } from './fakePolicies';

/**
 * The state of the simulated Azure without its wire: the gateways speak to it directly, on whatever clock is given.
 * The contract tests hold these gateways and the real ones to the same behaviour.
 */
export interface FakeAzure extends Entrance {
  readonly jit: JitGateway;
  readonly network: NetworkGateway;
  readonly rights: RightsGateway;
  readonly policies: PolicyWriter;
  readonly settings: Settings;
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  now(): number;
  addVm(wanted: NewVm): Vm;
  removeVm(vm: Vm): void;
  addPolicy(wanted: NewPolicy): PolicyHandle;
  /** The policy of this name as the service keeps it. */
  stored(name: string): Policy;
}

/** `now` gives Azure's time, in milliseconds since 1970. */
export function createFakeAzure(now: () => number, given: Partial<Settings> = {}): FakeAzure {
  const settings: Settings = { ...defaultSettings(), ...given };
  const topology = createTopology(now, settings);
  const service = createJitService(topology, settings, now);
  const principal = createPrincipal({}, 1);
  const entrance = createEntrance(principal);
  const vms: Vm[] = [];
  return {
    ...entrance,
    jit: createFakeJit({ service, settings, principal, entrance, topology, now }),
    network: createFakeNetwork(topology, entrance, () => settings.ruleBlockedByLock),
    rights: {
      async list(scope, limit) {
        const right = { action: 'Microsoft.Authorization/permissions/read', scope };
        await entrance.enter({ kind: 'permissions', id: scope }, right, limit);
        const granted = permissionsAt(principal, scope);
        return granted.map(({ actions, notActions = [] }) => ({ actions, notActions }));
      },
    },
    settings,
    principal,
    now,
    policies: createFakePolicies({ service, settings, principal, entrance, topology, now, vms }),
    addVm(wanted) {
      const vm = createVm(wanted, topology, vms.length + 1);
      vms.push(vm);
      return vm;
    },
    removeVm: (vm) => {
      topology.remove(vm.id);
    },
    addPolicy: (wanted) => service.add(wanted),
    stored(name) {
      const found = service.policies.find((policy) => policy.name === name);
      if (!found) throw new Error(`There is no policy ${name}.`);
      return found;
    },
  };
}
