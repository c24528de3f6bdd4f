import assert from 'node:assert/strict';
import { aWorkflow, MINUTE } from './workflow';

describe('a request that another run supersedes before the first check of the rules', () => {
  for (const range of ['*', '20.50.0.0/16']) {
    it(`is not reported as open because of the rule of that run (${range})`, async () => {
      const workflow = aWorkflow({ settings: { supersession: 'vm+port', ruleDelayMs: 0 } });
      const { policy, vm, azure } = workflow;
      azure.next('nsg', () => {
        policy.requestByOther({ vm, port: 22, sources: [range], durationMs: 5 * MINUTE });
      });
      assert.deepEqual((await workflow.run({ duration: '3h' })).codes, ['JIT703']);
    });
  }

  it('costs no additional call if its own rule exists', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: 0 } });
    assert.deepEqual((await workflow.run()).codes, []);
    assert.equal(workflow.count('policy.get'), 0);
  });
});
