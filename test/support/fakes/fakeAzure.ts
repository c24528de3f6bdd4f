import type { Inventory } from '../../../tasks/JitReport/JitReportV1/src/azure/inventory';
import type { RightsGateway } from '../../../tasks/shared/azure/rightsGateway';
import type { NetworkGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { PolicyWriter } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import type { FlowGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway';
import type { JitGateway } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import type {
  NewActivity,
  NewAdminRule,
  NewAssessment,
  NewFirewall,
  NewPolicy,
  NewVm,
  PolicyHandle,
  Principal,
  Settings,
  Vm,
} from '../azure';
import { createActivityLog } from '../azure/activity/log';
import { logMade } from '../azure/activity/writer';
import { createAssessments } from '../azure/defender/assessments';
import { createPrincipal, permissionsAt } from '../azure/identity/principals';
import type { Policy } from '../azure/jit/policies';
import { createJitService } from '../azure/jit/service';
import { parseVmId } from '../../../tasks/shared/core/resourceIds';
import type { FindVms } from '../../../tasks/shared/azure/findVms';
import { parseFilter } from '../azure/graph/filter';
import { vmRows } from '../azure/graph/vmRows';
import { addAdminRule } from '../azure/network/adminRules';
import { addFirewall } from '../azure/network/firewalls';
import { createTopology } from '../azure/network/topology';
import { createVm } from '../azure/network/vms';
import { ensureSubnet, peerVnets, requireVnet } from '../azure/network/vnets';
import { addWatcher, type NewWatcher, type Watchers } from '../azure/network/watchers';
import { defaultSettings } from '../azure/settings';
import { createEntrance, type Entrance } from './calls';
import { createFakeFlows } from './fakeFlows';
import { createFakeInventory } from './fakeInventory';
import { createFakeJit } from './fakeJit';
import { createFakeNetwork } from './fakeNetwork';
import { createFakePolicies } from './fakePolicies';

/**
 * The state of the simulated Azure without HTTP: the gateways call it directly, on any given clock. The contract tests
 * verify that these gateways and the real ones behave in the same way.
 */
export interface FakeAzure extends Entrance {
  readonly jit: JitGateway;
  readonly network: NetworkGateway;
  readonly findVms: FindVms;
  readonly flows: FlowGateway;
  readonly rights: RightsGateway;
  readonly policies: PolicyWriter;
  readonly inventory: Inventory;
  readonly settings: Settings;
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  now(): number;
  addVm(wanted: NewVm): Vm;
  removeVm(vm: Vm): void;
  addPolicy(wanted: NewPolicy): PolicyHandle;
  /** Deletes the policies with this name, as another user does. */
  removePolicy(name: string): void;
  addGroup(subscriptionId: string, name: string): void;
  addFirewall(wanted: NewFirewall): string;
  peerNetworks(one: Vm, other: Vm, fields?: object): void;
  addGateway(vm: Vm): void;
  addAdminRule(vm: Vm, rule: NewAdminRule): void;
  addWatcher(wanted?: NewWatcher): string;
  addAssessment(wanted: NewAssessment): void;
  addActivity(wanted: NewActivity): void;
  /** Returns the policy with this name as the service keeps it. */
  stored(name: string): Policy;
}

/** `now` returns Azure's time, in milliseconds since 1970. */
export function createFakeAzure(now: () => number, given: Partial<Settings> = {}): FakeAzure {
  const settings: Settings = { ...defaultSettings(), ...given };
  const topology = createTopology(now, settings);
  const activityLog = createActivityLog(settings, now);
  const assessments = createAssessments(settings);
  const service = createJitService(topology, settings, now, (made) => {
    logMade(activityLog, made);
  });
  const principal = createPrincipal({}, 1);
  const entrance = createEntrance(principal);
  const vms: Vm[] = [];
  const watchers: Watchers = new Map();
  const parts = { service, settings, principal, entrance, topology, now };
  return {
    ...entrance,
    jit: createFakeJit(parts),
    inventory: createFakeInventory({ ...parts, assessments, activityLog }),
    network: createFakeNetwork(topology, entrance, () => settings.ruleBlockedByLock, now),
    async findVms({ filter, subscriptionIds, maxVms }, limit) {
      await entrance.enter({ kind: 'vmQuery', id: filter }, undefined, limit);
      const subscriptions = subscriptionIds.length > 0 ? subscriptionIds : topology.subscriptionIds();
      const rows = subscriptions.flatMap((id) => vmRows(topology, id)).filter(parseFilter(filter));
      const found = rows.flatMap(({ id }) => parseVmId(id) ?? []);
      return { vms: found.slice(0, maxVms + 1), total: rows.length, strange: rows.length - found.length };
    },
    flows: createFakeFlows(topology, watchers, settings, entrance),
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
    policies: createFakePolicies({ ...parts, vms }),
    addVm(wanted) {
      const vm = createVm(wanted, topology, vms.length + 1);
      vms.push(vm);
      return vm;
    },
    removeVm: (vm) => {
      topology.remove(vm.id);
    },
    addPolicy: (wanted) => service.add(wanted),
    removePolicy: (name) => {
      for (const policy of service.policies.filter((one) => one.name === name)) service.remove(policy);
    },
    addGroup: (subscriptionId, name) => {
      topology.addGroup(subscriptionId, name);
    },
    addFirewall: (wanted) => addFirewall(wanted, topology),
    addAdminRule: (vm, rule) => {
      addAdminRule(requireVnet(vm.vnetId, topology), rule);
    },
    addWatcher: (wanted = {}) => addWatcher(wanted, topology, watchers),
    addGateway: (vm) => {
      ensureSubnet(vm, { vnet: requireVnet(vm.vnetId, topology).name, subnet: 'GatewaySubnet' }, topology);
    },
    peerNetworks: (one, other, fields) => {
      peerVnets(requireVnet(one.vnetId, topology), requireVnet(other.vnetId, topology), fields);
    },
    addAssessment: (wanted) => {
      assessments.add(wanted);
    },
    addActivity: (wanted) => {
      activityLog.add(wanted);
    },
    stored(name) {
      const found = service.policies.find((policy) => policy.name === name);
      if (!found) throw new Error(`There is no policy ${name}.`);
      return found;
    },
  };
}
