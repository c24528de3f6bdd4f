import assert from 'node:assert/strict';
import type { Policy } from '../../tasks/shared/core/policy';
import type { JitGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/jitGateway';
import { aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

/** A workflow in which the service sets the end of a request that it revokes to the present. */
function endingRevoked(): Workflow {
  const workflow = aWorkflow({ settings: { supersession: 'vm+port', ruleDelayMs: 30_000 } });
  const { jit } = workflow.context;
  const ended = (policy: Policy): Policy => ({
    ...policy,
    requests: policy.requests.map((request) => ({
      ...request,
      ports: request.ports.map((port) =>
        port.status === 'Revoked' ? { ...port, endsAt: jit.azureNow() } : port,
      ),
    })),
  });
  const changed: JitGateway = {
    ...jit,
    getPolicy: async (...call) => ended(await jit.getPolicy(...call)),
    listPolicies: async (...call) => (await jit.listPolicies(...call)).map(ended),
  };
  Object.assign(workflow.context, { jit: changed });
  return workflow;
}

describe('a revoked request whose end the service changes', () => {
  it('is superseded at once, and not a rule that does not exist yet', async () => {
    const { run, context, policy, vm } = endingRevoked();
    context.clock.at(10_000, () => {
      policy.requestByOther({ vm, port: 22, sources: ['20.90.1.1'], durationMs: 2 * HOUR });
    });
    const { codes, opened } = await run();
    assert.deepEqual(codes, ['JIT703']);
    assert.ok(opened?.failures[0]?.seen.includes('20.90.1.1'));
    assert.ok(context.clock.now() < 20_000, 'at once');
  });

  it('is requested again for both runs where the port is shared', async () => {
    const { run, context, policy, vm } = endingRevoked();
    context.clock.at(10_000, () => {
      policy.requestByOther({ vm, port: 22, sources: ['20.90.1.1'], durationMs: 30 * MINUTE });
    });
    const { codes, outputs } = await run({ shareActiveRequests: 'true' });
    assert.deepEqual(codes, []);
    assert.deepEqual(outputs?.sourceAddresses.split(',').toSorted(), ['20.50.1.7', '20.90.1.1']);
  });
});
