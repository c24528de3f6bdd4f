import assert from 'node:assert/strict';
import { serverError } from '../../tasks/shared/messages/failures';
import { close, noted, opened, STUBBORN } from './closing';
import { aWorkflow, HOUR, type Workflow } from './workflow';

const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';

const summary = async (workflow: Workflow) => {
  const [outcome] = await close(workflow);
  return outcome && [outcome.kind, 'how' in outcome ? outcome.how : outcome.until];
};
const endOf = (workflow: Workflow) => noted(workflow)[0]?.endsAt;
const wipe = ({ vm }: Workflow) => {
  vm.nicNsg?.wipeJitRules();
  vm.subnetNsg?.wipeJitRules();
};

describe('a request that could not be ended', () => {
  it('keeps its port open until its end, although the rules no longer allow the source', async () => {
    const workflow = await opened();
    wipe(workflow);
    workflow.azure.principal.forbid(INITIATE);
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, endOf(workflow));
    assert.match(outcome.why, /could not be ended/);
  });

  it('is over when its policy is gone and the rules no longer allow the source', async () => {
    const workflow = await opened();
    workflow.azure.removePolicy('jit-web');
    wipe(workflow);
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
  });

  it('has its rules deleted when the policy could be read only afterwards', async () => {
    const workflow = await opened();
    workflow.azure.next('policy.get', serverError('x', 503, 'y'));
    assert.deepEqual(await summary(workflow), ['closed', 'verified']);
    assert.deepEqual([workflow.count('initiate'), workflow.count('rule.delete')], [1, 2]);
  });

  it('keeps its rules in this case when others use them', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources: ['20.70.1.1'], durationMs: HOUR });
    await workflow.run({ shareActiveRequests: 'true' });
    workflow.azure.next('policy.get', serverError('x', 503, 'y'));
    assert.equal((await close(workflow))[0]?.kind, 'open');
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('might still get its rule while it is not initiated', async () => {
    const slow = { ...STUBBORN, ruleDelayMs: 90_000, initiatingMs: 90_000 };
    const workflow = aWorkflow({ settings: slow });
    await workflow.run({ waitFor: 'nothing' });
    const [outcome] = await close(workflow);
    assert.ok(outcome?.kind === 'open');
    assert.equal(outcome.until, endOf(workflow));
    assert.match(outcome.why, /might still be written/);
  });
});
