import assert from 'node:assert/strict';
import { WriteError } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/azure/policyWriter';
import { policyBusy } from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/messages/policyFailures';
import { serverError, throttled } from '../../tasks/shared/messages/failures';
import { anyPort } from './workflow';
import { aPolicyWorkflow } from './policyWorkflow';

const RULES = { portRules: '22\n443 max 1h' };
const PLACE = { name: 'jit-web', resourceGroup: 'rg-app', location: 'westeurope' };

describe('a policy that another writer is changing, with responses that request a pause,', () => {
  it('is retried after longer and longer pauses, and after the pause that Azure requests if it is longer', async () => {
    const { azure, world: context, run, count } = aPolicyWorkflow({ updatingMs: 0 });
    const busy = (retryAfterMs: number) =>
      new WriteError(policyBusy(PLACE, 'busy'), 'busy', false, retryAfterMs);
    azure.next('policy.put', busy(0), busy(0), busy(7000), busy(0));
    assert.deepEqual((await run(RULES)).codes, []);
    assert.deepEqual([context.clock.now(), count('policy.put')], [1000 + 2000 + 7000 + 5000, 5]);
  });

  it('is given up early if Azure always requests a pause of zero', async () => {
    const { azure, run, count } = aPolicyWorkflow();
    azure.always('policy.put', new WriteError(policyBusy(PLACE, 'busy'), 'busy', false, 0));
    assert.deepEqual((await run({ ...RULES, waitTimeout: '30s' })).codes, ['JIT602']);
    assert.ok(count('policy.put') < 10);
  });

  it('is given up at a failure more than 30 seconds after the first one', async () => {
    for (const [pauseMs, writes] of [
      [29_000, 3],
      [31_000, 2],
    ] as const) {
      const { azure, run, count } = aPolicyWorkflow();
      const failure = new WriteError(throttled('x', 'y'), 'passing', false, pauseMs);
      azure.always('policy.put', failure);
      assert.deepEqual([(await run(RULES)).codes, count('policy.put')], [['JIT601'], writes]);
    }
  });

  it("is written again after a pause of the task's own if a failed write requests a pause of zero", async () => {
    const { azure, world: context, run } = aPolicyWorkflow({ updatingMs: 0 });
    const failed = new WriteError(serverError('The policy', 503, 'no'), 'passing', false, 0);
    azure.next('policy.put', failed, failed);
    assert.deepEqual((await run(RULES)).codes, []);
    assert.equal(context.clock.now(), 500 + 1000);
  });
});

describe('a VM without a policy', () => {
  it('gets no policy if the region in the response about the VM is a path', async () => {
    for (const location of ['westeurope/../..', '..', '']) {
      const { azure, run, count } = aPolicyWorkflow();
      const odd = azure.addVm({ name: 'odd-01', resourceGroup: 'rg-odd', location });
      assert.deepEqual((await run({ vmResourceId: odd.id })).codes, ['JIT604'], location);
      assert.equal(count('policy.put'), 0);
    }
  });

  it('is added to the policy of its region however Azure spells the region', async () => {
    const { azure, run, read } = aPolicyWorkflow();
    const [old, late] = ['old-01', 'late-01'].map((name) => azure.addVm({ name, location: 'West Europe' }));
    azure.addPolicy({ name: 'jit-other', vms: [{ vm: old!, ports: [anyPort(22)] }] });
    await run({ vmResourceId: late!.id, policyName: 'jit-other', portRules: '22' });
    assert.deepEqual((await read()).slice(2), ['jit-other/old-01:22', 'jit-other/late-01:22']);
  });
});
