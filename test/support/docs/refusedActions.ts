import type { Arm } from '../../../tasks/shared/azure/arm';
import { createInventory, type Inventory } from '../../../tasks/JitReport/JitReportV1/src/azure/inventory';
import {
  createJitGateway,
  type JitGateway,
} from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import {
  createFlowGateway,
  type FlowGateway,
} from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway';
import { RequestError } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/requestError';
import {
  createNetworkGateway,
  type NetworkGateway,
} from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import {
  createPolicyWriter,
  WriteError,
  type PolicyWriter,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import {
  createSurroundings,
  type Surroundings,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/surroundings';
import { createRightsGateway, type RightsGateway } from '../../../tasks/shared/azure/rightsGateway';
import { parseVmId } from '../../../tasks/shared/core/resourceIds';
import { systemClock } from '../../../tasks/shared/host/clock';
import type { Pages } from '../../../tasks/shared/azure/paging';
import { ForbiddenError } from '../../../tasks/shared/core/errors';
import type { Limit } from '../../../tasks/shared/core/limits';
import { anAnswer, anAzureError } from '../../unit/azure/answers';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers`;
const NIC = `${GROUP}/Microsoft.Network/networkInterfaces/nic`;
const NSG = `${GROUP}/Microsoft.Network/networkSecurityGroups/nsg`;
const VNET = `${GROUP}/Microsoft.Network/virtualNetworks/vnet`;
const IP = `${GROUP}/Microsoft.Network/publicIPAddresses/ip`;
const POLICY = {
  ...{ id: `${GROUP}/Microsoft.Security/locations/w/jitNetworkAccessPolicies/default`, name: 'default' },
  ...{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg-app', location: 'w' },
};
const limit: Limit = { signal: new AbortController().signal, remainingMs: () => 60_000 };

/** Creates an Azure Resource Manager that refuses every call because all permissions are missing. */
const refusing = (): Arm => {
  const send = () => Promise.resolve(anAnswer(403, anAzureError('AuthorizationFailed')));
  return {
    ...{ url: 'https://management.azure.com', send, sendOnce: send },
    ...{ azureNow: () => 0, wasSent: () => true, announce: () => undefined },
  };
};

const first = (pages: Pages<unknown>): Promise<unknown> => pages[Symbol.asyncIterator]().next();

function aVm() {
  const vm = parseVmId(`${GROUP}/Microsoft.Compute/virtualMachines/web-01`);
  if (!vm) throw new Error('The id of the VM is wrong.');
  return vm;
}

/**
 * Every method of a gateway except its clock. A new method does not compile, and is reported at run time, until it is
 * here.
 */
type Calls<Gateway> = Readonly<
  Record<Exclude<keyof Gateway, 'azureNow'>, (gateway: Gateway) => Promise<unknown>>
>;

const SURROUNDINGS: Calls<Surroundings> = {
  among: (from) => from.among([aVm()]).vm(aVm(), limit),
  vm: (from) => from.vm(aVm(), limit),
  nic: (from) => from.nic(NIC, limit),
  vnet: (from) => from.vnet(VNET, limit),
  securityGroup: (from) => from.securityGroup(NSG, limit),
  adminRules: (from) => first(from.adminRules(VNET, limit)),
  firewalls: (from) => first(from.firewalls(SUBSCRIPTION, limit)),
};

const INVENTORY: Calls<Inventory> = {
  ...SURROUNDINGS,
  among: (from) => from.among([aVm()]).vm(aVm(), limit),
  vms: (from) => first(from.vms(SUBSCRIPTION, undefined, limit)),
  nics: (from) => first(from.nics(SUBSCRIPTION, limit)),
  securityGroups: (from) => first(from.securityGroups(SUBSCRIPTION, limit)),
  vnets: (from) => first(from.vnets(SUBSCRIPTION, limit)),
  publicAddress: (from) => from.publicAddress(IP, limit),
  policies: (from) => first(from.policies(SUBSCRIPTION, 'rg-app', limit)),
  assessments: (from) => first(from.assessments(SUBSCRIPTION, limit)),
  calls: (from) => first(from.calls(SUBSCRIPTION, 0, 1, limit)),
};

const JIT: Calls<JitGateway> = {
  listPolicies: (jit) => jit.listPolicies(SUBSCRIPTION, 'rg-app', limit),
  getPolicy: (jit) => jit.getPolicy(POLICY, limit),
  initiate: (jit) => jit.initiate(POLICY, { ports: [], justification: '' }, limit),
};

const NETWORK: Calls<NetworkGateway> = {
  among: (network) => network.among([aVm()]).getVm(aVm(), limit),
  getVm: (network) => network.getVm(aVm(), limit),
  listVms: (network) => network.listVms(SUBSCRIPTION, 'rg-app', limit),
  getNic: (network) => network.getNic(NIC, limit),
  getSubnet: (network) => network.getSubnet(`${VNET}/subnets/s`, limit),
  getSecurityGroup: (network) => network.getSecurityGroup(NSG, limit),
  getPublicAddress: (network) => network.getPublicAddress(IP, limit),
  listFirewallAddresses: (network) => network.listFirewallAddresses(SUBSCRIPTION, limit),
  deleteRule: (network) => network.deleteRule(NSG, 'rule', limit),
  getVnet: (network) => network.getVnet(`${VNET}/subnets/s`, limit),
  listAdminRules: (network) => network.listAdminRules(VNET, limit),
};

const WATCHER = `${GROUP}/Microsoft.Network/networkWatchers/watcher`;
const FLOW = {
  nicId: NIC,
  privateIpAddress: '10.0.0.4',
  port: 22,
  protocol: 'TCP',
  source: '20.1.1.1',
} as const;

const FLOWS: Calls<FlowGateway> = {
  listWatchers: (flows) => flows.listWatchers(SUBSCRIPTION, limit),
  verify: (flows) => flows.verify(WATCHER, { vm: aVm(), ...FLOW }, limit),
};

const POLICIES: Calls<PolicyWriter> = {
  list: (policies) => policies.list(SUBSCRIPTION, 'rg-app', limit),
  get: (policies) => policies.get(POLICY, limit),
  put: (policies) => policies.put(POLICY, {}, limit),
  delete: (policies) => policies.delete(POLICY, limit),
  getVm: (policies) => policies.getVm(aVm(), limit),
  vmsAmong: (policies) => policies.vmsAmong([aVm()]).getVm(aVm(), limit),
  listVms: (policies) => policies.listVms(SUBSCRIPTION, 'rg-app', limit),
};

const RIGHTS: Calls<RightsGateway> = { list: (rights) => rights.list(VNET, limit) };

/** Creates each gateway, by its file, and calls each of its methods. */
const GATEWAYS: Readonly<Record<string, () => readonly Promise<unknown>[]>> = {
  'tasks/JitReport/JitReportV1/src/azure/inventory.ts': () => callsOf(createInventory(refusing()), INVENTORY),
  'tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway.ts': () =>
    callsOf(createJitGateway(refusing(), systemClock), JIT),
  'tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway.ts': () =>
    callsOf(createNetworkGateway(refusing()), NETWORK),
  'tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway.ts': () =>
    callsOf(createFlowGateway(refusing(), systemClock), FLOWS),
  'tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter.ts': () =>
    callsOf(createPolicyWriter(refusing()), POLICIES),
  'tasks/shared/azure/rightsGateway.ts': () => callsOf(createRightsGateway(refusing()), RIGHTS),
  'tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/surroundings.ts': () =>
    callsOf(createSurroundings(refusing()), SURROUNDINGS),
};

function callsOf<Gateway extends object>(
  gateway: Gateway,
  calls: Calls<Gateway>,
): readonly Promise<unknown>[] {
  const unlisted = Object.keys(gateway).filter((name) => name !== 'azureNow' && !(name in calls));
  if (unlisted.length > 0)
    throw new Error(`test/support/docs/refusedActions.ts lacks ${unlisted.join(', ')}.`);
  return Object.values<(gateway: Gateway) => Promise<unknown>>(calls).map((call) => call(gateway));
}

/**
 * Returns the actions that gateways name when Azure refuses each of their calls. Gateways build these names from the
 * types that they read and write, so they are in no text.
 *
 * @param files the files of a task; gateways that are not among them are left out
 * @throws Error if a gateway has a call that is not listed here, or if a call does not fail.
 */
export async function refusedActions(files: readonly string[]): Promise<readonly string[]> {
  const calls = Object.entries(GATEWAYS).flatMap(([file, all]) => (files.includes(file) ? all() : []));
  return Promise.all(
    calls.map(async (call) => {
      const failure: unknown = await call.then(
        () => undefined,
        (error: unknown) => error,
      );
      const cause =
        failure instanceof RequestError || failure instanceof WriteError ? failure.cause : failure;
      if (cause instanceof ForbiddenError) return cause.action;
      throw new Error('A call did not name a missing right.', { cause });
    }),
  );
}
