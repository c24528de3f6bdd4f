import assert from 'node:assert/strict';
import { createInventory } from '../../tasks/JitReport/JitReportV1/src/azure/inventory';
import { createJitGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import { createNetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { Arm } from '../../tasks/shared/azure/arm';
import { createFindVms } from '../../tasks/shared/azure/findVms';
import type { Pages } from '../../tasks/shared/azure/paging';
import { CodedError } from '../../tasks/shared/core/errors';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { DEFAULT_SUBSCRIPTION, startAzure, type SimulatedAzure, type Vm } from '../support/azure';
import type { Kind } from '../support/azure/http/calls';
import { createVirtualClock } from '../support/fakes/virtualClock';
import { aLimit, connectTo } from './beds';
import { toId } from './expecting';

const QUERY = { filter: "name == 'a'", maxVms: 5, allowEmpty: false };
const LEVELS = 20_000;
const lists = '['.repeat(LEVELS) + ']'.repeat(LEVELS);
const objects = '{"a":'.repeat(LEVELS) + '1' + '}'.repeat(LEVELS);

/** Responses with success or an error, that contain a value with too many levels to read. */
const ANSWERS: readonly (readonly [string, number, (value: string) => string])[] = [
  ['a field', 200, (value) => `{"id":${value},"virtualMachines":${value},"oidcToken":${value}}`],
  ['properties', 200, (value) => `{"name":"x","properties":{"securityRules":[${value}]}}`],
  ['a list', 200, (value) => `{"value":${value},"data":${value}}`],
  ['an item', 200, (value) => `{"value":[${value}],"data":[${value}],"access_token":${value}}`],
  ['an error', 400, (value) => `{"error":{"code":${value},"message":${value}},"error_codes":${value}}`],
  ['the whole error', 403, (value) => value],
];

describe('a response with 20,000 levels', () => {
  let azure: SimulatedAzure;
  let vm: Vm;
  let arm: Arm;
  beforeEach(async () => {
    azure = await startAzure({ settings: { oddAnswers: true } });
    vm = azure.addVm({ name: 'web-01' });
    arm = connectTo(azure).arm;
  });
  afterEach(() => azure.close());

  const drain = async (pages: Pages<unknown>): Promise<void> => {
    for await (const page of pages) assert.ok(page);
  };
  const CALLS: readonly (readonly [Kind, () => Promise<unknown>])[] = [
    ['nsg', () => createNetworkGateway(arm).getSecurityGroup(vm.nicNsg?.id ?? '', aLimit())],
    ['nsgs.list', () => drain(createInventory(arm).securityGroups(DEFAULT_SUBSCRIPTION, aLimit()))],
    ['activityLog', () => drain(createInventory(arm).calls(DEFAULT_SUBSCRIPTION, 0, 1, aLimit()))],
    ['assessments', () => drain(createInventory(arm).assessments(DEFAULT_SUBSCRIPTION, aLimit()))],
    ['vmQuery', () => createFindVms(arm)({ ...QUERY, subscriptionIds: [DEFAULT_SUBSCRIPTION] }, aLimit())],
    ['token', () => createNetworkGateway(arm).getVm(toId(vm), aLimit())],
    ['initiate', initiate],
  ];

  async function initiate(): Promise<unknown> {
    const rule = { number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' };
    azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports: [rule] }] });
    const jit = createJitGateway(arm, createVirtualClock());
    const [policy] = await jit.listPolicies(DEFAULT_SUBSCRIPTION, 'rg-app', aLimit());
    assert.ok(policy);
    const sources = parsePrefixes(['20.50.1.7']);
    const port = { vm: toId(vm), port: 22, sources, endsAt: azure.now() + 600_000 };
    return jit.initiate(policy, { ports: [port], justification: '' }, aLimit());
  }

  for (const [kind, call] of CALLS) {
    for (const [what, status, toBody] of ANSWERS) {
      it(`is JIT604 for ${kind}, in ${what}`, async () => {
        for (const value of [lists, objects]) {
          const headers = { 'content-type': 'application/json' };
          const stop = azure.faults.always(kind, { status, headers, body: toBody(value) });
          const thrown: unknown = await call().then(
            () => undefined,
            (error: unknown) => (error instanceof CodedError ? error : (error as Error).cause),
          );
          assert.ok(thrown instanceof CodedError, String(thrown));
          assert.equal(thrown.code, 'JIT604', thrown.message);
          stop();
        }
      });
    }
  }
});
