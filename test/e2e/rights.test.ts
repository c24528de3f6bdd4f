import assert from 'node:assert/strict';
import { ALL_ACTIONS, DEFAULT_SUBSCRIPTION, type Kind } from '../support/azure';
import {
  requestedPorts,
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

describe('a step with missing rights', () => {
  const task = usePackagedTask();

  it('fails without the right to read policies or to request, and names action and scope', async () => {
    const [reading, requesting] = await Promise.all([task.prepare(), task.prepare()]);
    reading.principal.forbid(`${JIT}/read`, `${JIT}/*/read`);
    requesting.principal.forbid(`${JIT}/initiate/action`);
    const [unread, unasked] = await Promise.all([reading.run(), requesting.run()]);
    const group = `/subscriptions/${DEFAULT_SUBSCRIPTION}/resourceGroups/rg-app`;
    assertFailed(unread, 'JIT301', `${JIT}/read`, group);
    assertFailed(unasked, 'JIT301', `${JIT}/initiate/action`, requesting.policy.id);
    assert.equal(requesting.azure.callsTo('initiate').length, 1);
    for (const step of [reading, requesting]) assert.deepEqual(step.policy.liveGrants(), []);
  });

  it('names the action and the scope that Azure names if a request needs a right on the VM', async () => {
    const step = await task.prepare({ settings: { initiateNeedsVmWrite: true } });
    step.principal.forbid('Microsoft.Compute/virtualMachines/write');
    assertFailed(await step.run(), 'JIT301', 'Microsoft.Compute/virtualMachines/write', step.vm.id);
  });

  it('needs no rights except those to read, request, and wait', async () => {
    const step = await task.prepare();
    const unneeded = ALL_ACTIONS.filter((action) => /\/(?:write|delete)$|permissions/.test(action));
    step.principal.forbid(...unneeded, `${NETWORK}/virtualNetworks/read`);
    const run = await step.run();
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), []);
  });

  it('distinguishes a missing Defender plan from a missing right', async () => {
    const [requesting, all] = await Promise.all([task.prepare(), task.prepare()]);
    requesting.azure.planTwoOff(DEFAULT_SUBSCRIPTION);
    all.azure.planTwoOff(DEFAULT_SUBSCRIPTION, 'everything');
    const runs = await Promise.all([requesting.run(), all.run()]);
    for (const run of runs) assertFailed(run, 'JIT302', DEFAULT_SUBSCRIPTION);
    assert.deepEqual(all.azure.callsTo('initiate'), []);
  });
});

describe('a step that cannot read the rules', () => {
  const task = usePackagedTask();

  const cases: readonly { readonly kind: Kind; readonly action: string; readonly host: string }[] = [
    { kind: 'nsg', action: `${NETWORK}/networkSecurityGroups/read`, host: '20.50.1.10' },
    { kind: 'subnet', action: `${NETWORK}/virtualNetworks/subnets/read`, host: '20.50.1.10' },
    { kind: 'nic', action: `${NETWORK}/networkInterfaces/read`, host: '' },
    { kind: 'vm', action: 'Microsoft.Compute/virtualMachines/read', host: '' },
  ];

  it('relies on the request status that Azure reports, and warns of the missing action', async () => {
    await Promise.all(
      cases.map(async ({ kind, action, host }) => {
        const step = await task.prepare({ settings: { initiatingMs: 100, ruleDelayMs: Infinity } });
        step.azure.faults.always(kind, NOT_AUTHORIZED);
        const run = await step.run();
        assertSucceeded(run);
        assertWarns(run, action);
        assert.equal(run.outputs['host'], host);
        assert.equal(endpointsOf(run)[0]?.status, 'initiated');
        assert.equal(requestedPorts(step).length, 1);
        assert.ok(step.azure.callsTo('policy.get').length > 0, kind);
      }),
    );
  });

  it('waits for that status until the time is over', async () => {
    const step = await task.prepare({ settings: { initiatingMs: Infinity } });
    step.principal.forbid(`${NETWORK}/networkSecurityGroups/read`);
    const run = await step.run({ waitTimeout: '2s' });
    assertFailed(run, 'JIT701', 'web-01', 'Initiating');
    assertWarns(run, `${NETWORK}/networkSecurityGroups/read`);
  });

  it('continues without the public address', async () => {
    const step = await task.prepare();
    step.principal.forbid(`${NETWORK}/publicIPAddresses/read`);
    const run = await step.run();
    assertSucceeded(run);
    assertWarns(run, `${NETWORK}/publicIPAddresses/read`);
    assert.equal(run.outputs['host'], step.vm.privateIp);
    assert.equal(endpointsOf(run)[0]?.status, 'open');
  });
});
