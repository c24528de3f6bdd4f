import assert from 'node:assert/strict';
import { AGENT } from '../support/fakes/fakeContext';
import { behind, LIST, TAG, VERIFY } from './behindTag';
import { aWorkflow, type Workflow } from './workflow';

describe('a dry run where the rules leave a port undecided', () => {
  const RESULT = 'Microsoft.Network/locations/operationResults/read';
  const dry = (workflow: Workflow, inputs: object = {}) =>
    workflow.run({ ports: '22', dryRun: 'true', ...inputs });
  const rulesOf = ({ checks }: Awaited<ReturnType<typeof dry>>) =>
    checks.filter(({ topic }) => topic === 'Rules now').map(({ mark }) => mark);
  const textOf = ({ checks }: Awaited<ReturnType<typeof dry>>) =>
    checks.find(({ topic }) => topic === 'Rules now')?.text ?? '';

  it('leaves the decision to IP flow verify in the real run if its result is available', async () => {
    const workflow = behind(TAG);
    const run = await dry(workflow);
    assert.deepEqual([run.codes, rulesOf(run)], [[], ['warning']]);
    assert.match(textOf(run), /^Not known to be open now: /);
    assert.equal(workflow.count('ipFlowVerify'), 0);
    for (const action of [LIST, VERIFY, RESULT])
      assert.equal(run.checks.filter(({ text }) => text.startsWith(action)).length, 1, action);
    const unknown = behind(TAG);
    unknown.azure.principal.forbid('Microsoft.Authorization/permissions/read');
    assert.deepEqual((await dry(unknown)).codes, [], 'nobody knows that a right is missing');
  });

  it('fails with the code of the real run if it is not: no watcher, no right, or a prefix', async () => {
    const without = [behind(TAG, null), behind(TAG, { location: 'northeurope' })];
    for (const action of [LIST, VERIFY, RESULT]) {
      const workflow = behind(TAG);
      workflow.azure.principal.forbid(action);
      without.push(workflow);
    }
    for (const workflow of without) {
      const run = await dry(workflow);
      assert.deepEqual([run.codes, rulesOf(run)], [['JIT702'], ['would fail']]);
      assert.match(textOf(run), /Not known to be open now: /);
    }
    assert.deepEqual((await dry(behind(TAG), { sourceIp: '20.50.1.0/24' })).codes, ['JIT702']);
  });

  it('fails if a rule certainly keeps blocking, and queries nothing if the rules decide', async () => {
    const both = behind(TAG);
    both.vm.nicNsg?.addRule({ name: 'shut', priority: 80, access: 'Deny', sources: [AGENT] });
    const blocked = await dry(both);
    assert.deepEqual(blocked.codes, ['JIT702']);
    assert.match(textOf(blocked), /Blocked now: /);
    const plain = aWorkflow();
    plain.azure.addWatcher();
    const run = await dry(plain);
    assert.ok(run.checks.every(({ text }) => !text.includes('networkWatchers')));
    for (const { count } of [both, plain]) assert.equal(count('watchers.list'), 0);
  });

  it('also names the rights for an allow rule with a tag, because a request would open its sources', async () => {
    const allow = behind({ ...TAG, access: 'Allow', priority: 300 });
    const run = await dry(allow);
    assert.deepEqual(run.codes, []);
    assert.equal(run.checks.filter(({ text }) => text.startsWith(VERIFY)).length, 1);
  });
});
