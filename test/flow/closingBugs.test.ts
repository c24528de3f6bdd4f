import assert from 'node:assert/strict';
import { notShown } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { serverError } from '../../tasks/shared/messages/failures';
import { changePolicies, close, opened, STUBBORN } from './closing';
import { aWorkflow, type Workflow } from './workflow';

describe('a mistake of this program while closing', () => {
  const bug = () => Promise.reject(new TypeError('a bug'));
  const CASES: Readonly<Record<string, (workflow: Workflow) => void>> = {
    'in reading the policy': ({ context: { jit } }) => Object.assign(jit, { getPolicy: bug }),
    'in reading the policy again': ({ azure, context: { jit } }) => {
      const getPolicy = jit.getPolicy.bind(jit);
      // Once: another reading after it would fail in the same way.
      const failing = () => {
        Object.assign(jit, { getPolicy });
        return bug();
      };
      azure.next('nsg', () => Object.assign(jit, { getPolicy: failing }));
    },
    'in reading the list': (workflow) => {
      changePolicies(workflow, (policy) => ({ ...policy, requests: [] }));
      Object.assign(workflow.context.jit, { listPolicies: bug });
    },
    'in requesting the end': ({ context: { jit } }) => Object.assign(jit, { initiate: bug }),
    'in reading rules': ({ context: { network } }) => Object.assign(network, { getSecurityGroup: bug }),
    'in reading the VM': ({ context: { network } }) => Object.assign(network, { getVm: bug }),
    'in deleting a rule': ({ context: { network } }) => Object.assign(network, { deleteRule: bug }),
  };
  for (const [where, plant] of Object.entries(CASES)) {
    for (const settings of [{}, STUBBORN]) {
      if (where === 'in deleting a rule' && settings !== STUBBORN) continue;
      it(`${where} is no outcome (${settings === STUBBORN ? 'rules stay' : 'rules follow'})`, async () => {
        const workflow = await opened({ settings });
        plant(workflow);
        await assert.rejects(close(workflow), TypeError);
      });
    }
  }

  it('is not a list that cannot be read, which says nothing', async () => {
    const workflow = aWorkflow({ settings: { ruleDelayMs: 90_000, initiatingMs: 0 } });
    await workflow.run({ waitFor: 'nothing' });
    changePolicies(workflow, (policy) => ({ ...policy, requests: [] }));
    workflow.azure.always('policies.list', serverError('x', 503, 'y'));
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.why, notShown);
  });
});
