import assert from 'node:assert/strict';
import { ALL_ACTIONS, DEFAULT_SUBSCRIPTION, type Kind } from '../support/azure';
import {
  askedPorts,
  assertFailed,
  assertSucceeded,
  assertWarns,
  endpointsOf,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';
const NETWORK = 'Microsoft.Network';
const NOT_AUTHORIZED = { status: 403, code: 'AuthorizationFailed' };

describe('rights that are missing', () => {
  const task = usePackagedTask();

  it('fails without the right to read policies or to ask, naming action and scope', async () => {
    const [reading, asking] = await Promise.all([task.stage(), task.stage()]);
    reading.principal.forbid(`${JIT}/read`, `${JIT}/*/read`);
    asking.principal.forbid(`${JIT}/initiate/action`);
    const [unread, unasked] = await Promise.all([reading.run(), asking.run()]);
    const group = `/subscriptions/${DEFAULT_SUBSCRIPTION}/resourceGroups/rg-app`;
    assertFailed(unread, 'JIT301', `${JIT}/read`, group);
    assertFailed(unasked, 'JIT301', `${JIT}/initiate/action`, asking.policy.id);
    assert.equal(asking.azure.callsTo('initiate').length, 1);
    for (const stage of [reading, asking]) assert.deepEqual(stage.policy.liveGrants(), []);
  });

  it('names the action and the scope that Azure names, when a request needs a right on the VM', async () => {
    const stage = await task.stage({ settings: { initiateNeedsVmWrite: true } });
    stage.principal.forbid('Microsoft.Compute/virtualMachines/write');
    assertFailed(await stage.run(), 'JIT301', 'Microsoft.Compute/virtualMachines/write', stage.vm.id);
  });

  it('needs no right beyond reading, asking and waiting', async () => {
    const stage = await task.stage();
    const unneeded = ALL_ACTIONS.filter((action) => /\/(?:write|delete)$|permissions/.test(action));
    stage.principal.forbid(...unneeded, `${NETWORK}/virtualNetworks/read`);
    const run = await stage.run();
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
  });

  it('tells a missing Defender plan from a missing right', async () => {
    const [asking, all] = await Promise.all([task.stage(), task.stage()]);
    asking.azure.planTwoOff(DEFAULT_SUBSCRIPTION);
    all.azure.planTwoOff(DEFAULT_SUBSCRIPTION, 'everything');
    const runs = await Promise.all([asking.run(), all.run()]);
    for (const run of runs) assertFailed(run, 'JIT302', DEFAULT_SUBSCRIPTION);
    assert.deepEqual(all.azure.callsTo('initiate'), []);
  });
});

describe('rules that may not be read', () => {
  const task = usePackagedTask();

  const cases: readonly { readonly kind: Kind; readonly action: string; readonly host: string }[] = [
    { kind: 'nsg', action: `${NETWORK}/networkSecurityGroups/read`, host: '20.50.1.10' },
    { kind: 'subnet', action: `${NETWORK}/virtualNetworks/subnets/read`, host: '20.50.1.10' },
    { kind: 'nic', action: `${NETWORK}/networkInterfaces/read`, host: '' },
    { kind: 'vm', action: 'Microsoft.Compute/virtualMachines/read', host: '' },
  ];

  it("takes Azure's own word on the request, and warns of the action that is missing", async () => {
    await Promise.all(
      cases.map(async ({ kind, action, host }) => {
        const stage = await task.stage({ settings: { initiatingMs: 100, ruleDelayMs: Infinity } });
        stage.azure.faults.always(kind, NOT_AUTHORIZED);
        const run = await stage.run();
        assertSucceeded(run);
        assertWarns(run, action);
        assert.equal(run.outputs['host'], host);
        assert.equal(endpointsOf(run)[0]?.status, 'initiated');
        assert.equal(askedPorts(stage).length, 1);
        assert.ok(stage.azure.callsTo('policy.get').length > 0, kind);
      }),
    );
  });

  it('waits for that word until the time is over', async () => {
    const stage = await task.stage({ settings: { initiatingMs: Infinity } });
    stage.principal.forbid(`${NETWORK}/networkSecurityGroups/read`);
    const run = await stage.run({ waitTimeout: '2s' });
    assertFailed(run, 'JIT701', 'web-01', 'Initiating');
    assertWarns(run, `${NETWORK}/networkSecurityGroups/read`);
  });

  it('does without the public address', async () => {
    const stage = await task.stage();
    stage.principal.forbid(`${NETWORK}/publicIPAddresses/read`);
    const run = await stage.run();
    assertSucceeded(run);
    assertWarns(run, `${NETWORK}/publicIPAddresses/read`);
    assert.equal(run.outputs['host'], stage.vm.privateIp);
    assert.equal(endpointsOf(run)[0]?.status, 'open');
  });
});
