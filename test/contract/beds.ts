import { createSecureContext } from 'node:tls';
import type { Arm } from '../../tasks/shared/azure/arm';
import { connectAzure } from '../../tasks/shared/azure/azure';
import { createInventory, type Inventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import {
  createJitGateway,
  type JitGateway,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import {
  createPolicyWriter,
  type PolicyWriter,
} from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import {
  createFlowGateway,
  type FlowGateway,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/flowGateway';
import {
  createNetworkGateway,
  type NetworkGateway,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import { createRightsGateway, type RightsGateway } from '../../tasks/shared/azure/rightsGateway';
import { systemClock } from '../../tasks/shared/host/clock';
import { createRoutes } from '../../tasks/shared/host/routes';
import type { Limit } from '../../tasks/shared/core/limits';
import {
  DEFAULT_SUBSCRIPTION,
  startAzure,
  type NewActivity,
  type NewAdminRule,
  type NewAssessment,
  type NewFirewall,
  type NewPolicy,
  type NewVm,
  type NewWatcher,
  type PolicyHandle,
  type Principal,
  type Settings,
  type SimulatedAzure,
  type Vm,
} from '../support/azure';
import { createFakeAzure } from '../support/fakes/fakeAzure';

/** An Azure with its gateways, as the contract tests access it. */
export interface Bed {
  readonly jit: JitGateway;
  readonly network: NetworkGateway;
  readonly flows: FlowGateway;
  readonly rights: RightsGateway;
  readonly policies: PolicyWriter;
  readonly inventory: Inventory;
  readonly settings: Settings;
  readonly principal: Principal;
  /** Milliseconds since 1970 on Azure's clock. */
  now(): number;
  advance(ms: number): void;
  addVm(wanted: NewVm): Vm;
  removeVm(vm: Vm): void;
  addPolicy(wanted: NewPolicy): PolicyHandle;
  addGroup(subscriptionId: string, name: string): void;
  addFirewall(wanted: NewFirewall): string;
  peerNetworks(one: Vm, other: Vm): void;
  addAdminRule(vm: Vm, rule: NewAdminRule): void;
  addWatcher(wanted?: NewWatcher): string;
  addAssessment(wanted: NewAssessment): void;
  addActivity(wanted: NewActivity): void;
  /** The number of received requests for access. */
  initiates(): number;
  /** Throws if a call was made that Azure does not support. */
  close(): Promise<void>;
}

/** The kinds of gateways, by their names in the titles of the tests. */
export const BEDS: readonly (readonly [string, () => Promise<Bed>])[] = [
  ['in memory', () => Promise.resolve(startFake())],
  ['over https', startReal],
];

/** Returns a limit that is not reached. */
export const aLimit = (signal = new AbortController().signal): Limit => ({
  signal,
  remainingMs: () => 30_000,
});

const settings = { ruleDelayMs: 300, initiatingMs: 150 };

function startFake(): Bed {
  let jumped = 0;
  const azure = createFakeAzure(() => Date.parse('2026-11-21T09:00:00.000Z') + jumped, settings);
  return {
    ...azure,
    advance: (ms) => {
      jumped += ms;
    },
    initiates: () => azure.calls.filter(({ kind }) => kind === 'initiate').length,
    close: () => Promise.resolve(),
  };
}

/** Connects the product to a simulated Azure, with all permissions. */
export function connectTo(azure: SimulatedAzure): { readonly arm: Arm; readonly principal: Principal } {
  const secret = 'contract-tests-only';
  const principal = azure.addPrincipal({ secret });
  const arm = connectAzure({
    connection: {
      id: 'contract',
      cloud: { name: 'AzureStack', known: false },
      identity: { kind: 'secret', tenantId: principal.tenantId, clientId: principal.clientId, secret },
      armUrl: azure.url,
      audience: azure.settings.armAudience,
      authorityUrl: azure.authorityUrl,
      subscriptionId: DEFAULT_SUBSCRIPTION,
    },
    routes: createRoutes(() => undefined, createSecureContext({ ca: azure.caPem })),
    oidc: { url: undefined, home: '', jobToken: undefined },
    clock: systemClock,
    announce: () => undefined,
    onVersion: () => undefined,
    onSecret: () => undefined,
    signal: new AbortController().signal,
  });
  return { arm, principal };
}

async function startReal(): Promise<Bed> {
  const azure = await startAzure({ settings });
  const { arm, principal } = connectTo(azure);
  return {
    jit: createJitGateway(arm, systemClock),
    network: createNetworkGateway(arm),
    flows: createFlowGateway(arm, systemClock),
    rights: createRightsGateway(arm),
    policies: createPolicyWriter(arm),
    inventory: createInventory(arm),
    settings: azure.settings,
    principal,
    now: () => azure.now(),
    advance: (ms) => {
      azure.advance(ms);
    },
    addVm: (wanted) => azure.addVm(wanted),
    removeVm: (vm) => {
      azure.removeVm(vm);
    },
    addPolicy: (wanted) => azure.addPolicy(wanted),
    addGroup: (subscriptionId, name) => {
      azure.addGroup(subscriptionId, name);
    },
    addFirewall: (wanted) => azure.addFirewall(wanted),
    peerNetworks: (one, other) => {
      azure.peerNetworks(one, other);
    },
    addAdminRule: (vm, rule) => {
      azure.addAdminRule(vm, rule);
    },
    addWatcher: (wanted) => azure.addWatcher(wanted),
    addAssessment: (wanted) => {
      azure.addAssessment(wanted);
    },
    addActivity: (wanted) => {
      azure.addActivity(wanted);
    },
    initiates: () => azure.callsTo('initiate').length,
    close: async () => {
      azure.assertNoViolations();
      await azure.close();
    },
  };
}
