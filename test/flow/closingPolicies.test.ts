import assert from 'node:assert/strict';
import { notReached } from '../../tasks/shared/messages/failures';
import { AGENT, START } from '../support/fakes/fakeContext';
import { changePolicies, close, noted, STUBBORN } from './closing';
import { anyPort, aWorkflow, HOUR, MINUTE, type Workflow } from './workflow';

/**
 * A VM that is also in a second policy, under which another run holds the same port from the same address for ten
 * minutes.
 */
async function withOtherPolicy(given: Parameters<typeof aWorkflow>[0] = {}): Promise<Workflow> {
  const workflow = aWorkflow(given);
  const { azure, vm } = workflow;
  const other = azure.addPolicy({ name: 'zz', vms: [{ vm, ports: [anyPort(22)] }] });
  const durationMs = 10 * MINUTE;
  other.requestByOther({ vm, port: 22, sources: [AGENT], durationMs, justification: 'buildId=7' });
  await workflow.context.clock.sleep(1000, workflow.context.signal);
  return workflow;
}
const open = async (workflow: Workflow) => {
  const inputs = { policyName: workflow.policy.name, duration: '1h' };
  assert.deepEqual((await workflow.run(inputs)).codes, []);
};
const rulesOf = ({ vm }: Workflow): number => vm.nicNsg?.jitAllowRules().length ?? 0;

describe('closing a port that another run holds under another policy', () => {
  for (const [title, settings, isShown] of [
    ['where an early end is honoured', {}, false],
    [
      'where it is honoured, and the older entry stays',
      { honoursEarlyEnd: true, supersession: 'none' },
      true,
    ],
  ] as const) {
    it(`keeps the rule of the other run, and names that run with its end, ${title}`, async () => {
      const workflow = await withOtherPolicy({ settings });
      await open(workflow);
      const [outcome] = await close(workflow);
      assert.equal(workflow.count('rule.delete'), 0);
      assert.equal(rulesOf(workflow), 1);
      assert.equal(outcome?.kind, 'open');
      assert.equal(outcome.until, isShown ? noted(workflow)[0]?.endsAt : START + 10 * MINUTE);
      assert.match(outcome.why, /buildId=7/);
      assert.doesNotMatch(outcome.why, /permanent/);
    });
  }

  it('deletes nothing if a rule might belong to either run', async () => {
    const workflow = await withOtherPolicy({ settings: STUBBORN });
    await open(workflow);
    await close(workflow);
    assert.equal(workflow.count('rule.delete'), 0);
  });

  it('deletes nothing, and reports nothing as permanent, if the other policies cannot be read', async () => {
    const workflow = aWorkflow({ settings: STUBBORN });
    await open(workflow);
    workflow.azure.always('policies.list', notReached('Azure', 'it is away'));
    const [outcome] = await close(workflow);
    assert.equal(workflow.count('rule.delete'), 0);
    assert.equal(outcome?.kind, 'open');
    assert.ok((outcome.until ?? 0) <= START + HOUR + MINUTE);
    assert.doesNotMatch(outcome.why, /permanent/);
  });
});

describe('closing a shared port of a VM that its policy lists more than once', () => {
  it('keeps it open for the other run, which loses nothing', async () => {
    const workflow = aWorkflow({ settings: { supersession: 'vm+port' } });
    const { context, policy, vm } = workflow;
    const other = '20.70.1.1';
    policy.requestByOther({ vm, port: 22, sources: [other], durationMs: 30 * MINUTE });
    assert.deepEqual((await workflow.run({ shareActiveRequests: 'true' })).codes, []);
    changePolicies(workflow, (read) => ({
      ...read,
      vms: read.vms.flatMap((entry) =>
        [3389, 22].map((number) => ({ ...entry, ports: entry.ports.filter(({ port }) => port === number) })),
      ),
    }));
    const [outcome] = await close(workflow);
    assert.equal(outcome?.kind, 'closed');
    assert.deepEqual(context.texts('warning'), []);
    assert.deepEqual(
      policy.liveGrants().map(({ sources }) => sources),
      [[other]],
    );
  });
});
