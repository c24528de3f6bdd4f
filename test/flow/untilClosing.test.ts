import assert from 'node:assert/strict';
import { untilClosing } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/untilClosing';
import { RequestError } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/requestError';
import { closingHasBegun } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { anyPort, aWorkflow } from './workflow';

describe('a step that runs at the same time as its own post-job step', () => {
  it('requests access until that begins, and nothing afterwards, which then counts as not open', async () => {
    const workflow = aWorkflow({ ports: [anyPort(22)] });
    const { jit, signal } = workflow.context;
    const [policy] = await jit.listPolicies(workflow.vm.subscriptionId, workflow.vm.resourceGroup, {
      signal,
      remainingMs: () => 1000,
    });
    const [entry] = policy?.vms ?? [];
    assert.ok(policy && entry);
    let hasBegun = false;
    const guarded = untilClosing(jit, () => hasBegun, closingHasBegun);
    const request = () =>
      guarded.initiate(
        policy,
        {
          ports: [{ vm: entry.vm, port: 22, sources: undefined, endsAt: jit.azureNow() + 600_000 }],
          justification: '',
        },
        { signal, remainingMs: () => 60_000 },
      );
    await request();
    hasBegun = true;
    await assert.rejects(request(), (error) => error instanceof RequestError && !error.mayBeOpen);
    assert.equal(workflow.count('initiate'), 1);
  });
});
