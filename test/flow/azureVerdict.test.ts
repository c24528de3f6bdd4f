import assert from 'node:assert/strict';
import { notFound, serverError } from '../../tasks/shared/messages/failures';
import type { NewRule } from '../support/azure';
import { AGENT } from '../support/fakes/fakeContext';
import { behind, ELSEWHERE, IN_CLOUD, LIST, TAG, VERIFY } from './behindTag';
import { close, noted } from './closing';
import { anyPort, aWorkflow, type Workflow } from './workflow';

const linesOf = ({ context }: Workflow): string => context.texts('line').join('\n');
const RUN = { ports: '22', waitTimeout: '30s' };

describe('Azure’s own verdict on a way that the rules leave open', () => {
  it('opens it: the log names the verdict, once', async () => {
    const workflow = behind(TAG);
    const { codes, endpoints } = await workflow.run(RUN);
    assert.deepEqual(codes, []);
    assert.deepEqual(
      endpoints.map(({ status }) => status),
      ['open'],
    );
    const given = workflow.context.texts('line').filter((text) => text.includes('IP flow verify'));
    assert.equal(given.length, 1);
    for (const part of ['web-01, port 22', AGENT, 'is allowed', 'UserRule_MicrosoftDefenderForCloud-JITRule'])
      assert.ok(given[0]?.includes(part), given[0]);
    assert.equal(workflow.count('ipFlowVerify'), 1);
    assert.deepEqual(workflow.context.texts('warning'), []);
  });

  it('fails the step that waits by JIT702, which names the rule that Azure names', async () => {
    const { run, count } = behind(TAG, IN_CLOUD);
    const { codes, opened } = await run(RUN);
    assert.deepEqual(codes, ['JIT702']);
    const { seen = '' } = opened?.failures[0] ?? {};
    for (const part of ['no-cloud (priority 90)', 'IP flow verify', 'is denied', 'UserRule_no-cloud'])
      assert.ok(seen.includes(part), seen);
    assert.ok(count('ipFlowVerify') > 2, 'it is asked again in later rounds, because tags may change');
    assert.ok(count('ipFlowVerify') < count('nsg'), 'never more than once in a round');
    assert.equal(count('watchers.list'), 1);
  });

  it('is asked for no more than once where the rules have not changed and it is under way', async () => {
    const workflow = behind(TAG);
    workflow.azure.always('ipFlowVerify', 'hang');
    const { codes, opened } = await workflow.run({ ...RUN, waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT702']);
    assert.doesNotMatch(opened?.failures[0]?.seen ?? '', /IP flow verify/);
    assert.equal(workflow.count('ipFlowVerify'), 1);
    assert.ok(workflow.count('nsg') > 2, 'the rounds go on meanwhile');
  });

  it('holds no other port by a call that hangs, and is given up in the end', async () => {
    const workflow = behind(TAG);
    const other = workflow.azure.addVm({ name: 'web-02', subnet: 'other' });
    workflow.azure.addPolicy({ name: 'jit-2', vms: [{ vm: other, ports: [anyPort(22)] }] });
    workflow.azure.always('ipFlowVerify', 'hang');
    const vmResourceId = `${workflow.vm.id}\n${other.id}`;
    const { codes, endpoints } = await workflow.run({ ...RUN, vmResourceId, waitTimeout: '10s' });
    assert.deepEqual(codes, ['JIT702']);
    assert.deepEqual(
      endpoints.map(({ vmName, status }) => [vmName, status]),
      [
        ['web-01', 'failed'],
        ['web-02', 'open'],
      ],
    );
    const long = behind(TAG);
    long.azure.always('ipFlowVerify', 'hang');
    await long.run({ ...RUN, waitTimeout: '3m' });
    assert.equal(long.count('ipFlowVerify'), 2);
    assert.match(linesOf(long), /gave no result/);
  });

  it('is asked about a private source and an application security group, with everything that it takes', async () => {
    const group: NewRule = { name: 'ops', priority: 200, access: 'Allow', destinationPorts: ['22'] };
    const workflow = aWorkflow({ settings: { ruleDelayMs: Infinity }, vm: { subnetNsg: false } });
    const { azure, vm, run, count } = workflow;
    azure.addWatcher();
    const asg = `/subscriptions/${vm.subscriptionId}/resourceGroups/rg-app/providers/Microsoft.Network/applicationSecurityGroups/asg-ops`;
    vm.nicNsg?.addRule({ ...group, sourceGroupIds: [asg] });
    const runner = { privateIp: '10.0.0.77', applicationSecurityGroups: ['asg-ops'] };
    azure.addVm({ name: 'runner', ...runner });
    assert.deepEqual((await run({ ...RUN, sourceIp: '10.0.0.77' })).codes, []);
    assert.match(linesOf(workflow), /10\.0\.0\.77 is allowed by the rule UserRule_ops/);
    assert.deepEqual((await run({ ...RUN, sourceIp: '10.0.0.78' })).codes, ['JIT701']);
    assert.ok(count('ipFlowVerify') > 1);
  });

  it('is not asked for where the rules decide, or where only a policy or a request is awaited', async () => {
    const plain = aWorkflow();
    plain.azure.addWatcher();
    assert.deepEqual((await plain.run(RUN)).codes, []);
    const shut = behind({ ...TAG, sources: ['*'] });
    assert.deepEqual((await shut.run(RUN)).codes, ['JIT702']);
    const request = behind(TAG);
    assert.deepEqual((await request.run({ ...RUN, waitFor: 'request' })).codes, []);
    for (const { count } of [plain, shut, request])
      assert.equal(count('ipFlowVerify') + count('watchers.list'), 0);
  });

  it('is not asked for about a prefix, which one address proves nothing of: a line says so', async () => {
    const workflow = behind(TAG);
    assert.deepEqual((await workflow.run({ ...RUN, sourceIp: '20.50.1.0/24' })).codes, ['JIT702']);
    assert.equal(workflow.count('ipFlowVerify'), 0);
    assert.equal(linesOf(workflow).match(/more than 4 are in doubt/g)?.length, 1);
    const two = behind(TAG);
    assert.deepEqual((await two.run({ ...RUN, sourceIp: '20.50.1.6/31' })).codes, []);
    assert.equal(two.count('ipFlowVerify'), 2);
  });

  it('that denies one of the sources blocks, also where the rules surely allow that one', async () => {
    const workflow = behind(TAG);
    const { vm, azure, run } = workflow;
    vm.nicNsg?.addRule({ name: 'ours', priority: 80, access: 'Allow', sources: ['20.61.1.1'] });
    azure.settings.verdicts = 'Deny';
    const { codes, opened } = await run({ ...RUN, sourceIp: '20.50.1.7,20.61.1.1' });
    assert.deepEqual(codes, ['JIT702']);
    const { seen = '' } = opened?.failures[0] ?? {};
    assert.match(seen, /20\.61\.1\.1 is denied .*although the rules that were read allow it/);
    assert.match(seen, /20\.50\.1\.7 is denied by the rule UserRule_elsewhere(,| and)/);
  });
});

describe('Azure’s own verdict that is not to be had', () => {
  const withoutVerdict = async (workflow: Workflow, ...says: readonly RegExp[]) => {
    const { codes, opened } = await workflow.run(RUN);
    assert.deepEqual(codes, ['JIT702'], 'as without it');
    assert.doesNotMatch(opened?.failures[0]?.seen ?? '', /IP flow verify/);
    assert.deepEqual(workflow.context.texts('warning'), []);
    for (const said of says) assert.equal(linesOf(workflow).match(said)?.length, 1, String(said));
  };

  for (const action of [LIST, VERIFY]) {
    it(`fails no step: without the right ${action} a line names it, once, and it is tried once`, async () => {
      const workflow = behind(TAG);
      workflow.azure.principal.forbid(action);
      await withoutVerdict(workflow, new RegExp(action.replace('.', '\\.')));
      assert.equal(workflow.count('watchers.list'), 1);
      assert.ok(workflow.count('ipFlowVerify') <= 1);
    });
  }

  it('fails no step without a network watcher in the region and subscription, and with two', async () => {
    await withoutVerdict(behind(TAG, null), /no network watcher in westeurope/);
    await withoutVerdict(behind(TAG, { location: 'northeurope' }), /no network watcher in westeurope/);
    const subscriptionId = '99999999-2222-4333-8444-555555555555';
    await withoutVerdict(behind(TAG, { subscriptionId }), /no network watcher/);
    const two = behind(TAG);
    two.azure.addWatcher({ name: 'second' });
    await withoutVerdict(two, /more than one network watcher in westeurope/);
  });

  it('fails no step when Azure has no such watcher, does not run the VM, or is in trouble', async () => {
    const gone = behind(TAG);
    gone.azure.always('ipFlowVerify', notFound('network watcher', 'x'));
    await withoutVerdict(gone, /cannot find the network watcher/);
    assert.equal(gone.count('ipFlowVerify'), 1);
    const busy = behind(TAG);
    busy.azure.always('ipFlowVerify', serverError('x', 503, 'y'));
    await withoutVerdict(busy, /gave no result/);
    assert.equal(busy.count('ipFlowVerify'), 2);
    const passing = behind(TAG);
    passing.azure.next('watchers.list', serverError('x', 503, 'y'));
    assert.deepEqual((await passing.run(RUN)).codes, [], 'what passes costs a round');
    const stopped = aWorkflow({
      vm: { nicNsg: { rules: [TAG] }, subnetNsg: false, powerState: 'deallocated' },
    });
    stopped.azure.addWatcher(ELSEWHERE);
    assert.deepEqual((await stopped.run(RUN)).codes, ['JIT702']);
    assert.match(linesOf(stopped), /gave no result/);
  });
});

describe('Azure’s own verdict after the job', () => {
  const WITHOUT: NewRule = {
    ...TAG,
    access: 'Allow',
    name: 'cloud',
    priority: 300,
    destinationPorts: ['22'],
  };

  it('closes what the rules leave open, and the line names the rule that denies', async () => {
    const workflow = behind(WITHOUT);
    assert.deepEqual((await workflow.run(RUN)).codes, []);
    const before = workflow.count('ipFlowVerify');
    const [closed] = await close(workflow, noted(workflow));
    assert.equal(closed?.kind, 'closed');
    assert.equal(workflow.count('ipFlowVerify'), before + 2, 'for TCP and for UDP');
    assert.deepEqual(
      closed.azure?.map(({ access, ruleName }) => [access, ruleName?.replace(/_-?\d+_[\dA-F]+$/, '')]),
      [['Deny', 'UserRule_MicrosoftDefenderForCloud-JITRule']],
    );
  });

  it('that allows it leaves it open, beside the rule that may allow it', async () => {
    const workflow = behind(WITHOUT, IN_CLOUD);
    assert.deepEqual((await workflow.run(RUN)).codes, []);
    const [closed] = await close(workflow, noted(workflow));
    assert.ok(closed?.kind === 'open');
    assert.match(closed.why, /cloud \(priority 300\)/);
    assert.deepEqual(
      closed.azure?.map(({ access, ruleName }) => [access, ruleName]),
      [['Allow', 'UserRule_cloud']],
    );
  });

  it('is not believed where the rules surely allow the source', async () => {
    const workflow = behind({ ...WITHOUT, sources: [AGENT] });
    workflow.azure.settings.verdicts = 'Deny';
    assert.deepEqual((await workflow.run(RUN)).codes, []);
    const [closed] = await close(workflow, noted(workflow));
    assert.equal(closed?.kind, 'open');
    assert.equal(workflow.count('ipFlowVerify'), 0);
  });

  it('does not take the place of deleting the own rule', async () => {
    const workflow = behind(TAG, null);
    workflow.azure.settings.honoursEarlyEnd = false;
    workflow.azure.settings.supersession = 'none';
    await workflow.run(RUN);
    workflow.azure.addWatcher(IN_CLOUD);
    const [closed] = await close(workflow, noted(workflow));
    assert.equal(closed?.kind, 'closed');
    assert.equal(workflow.count('rule.delete'), 1);
    assert.equal(workflow.count('ipFlowVerify'), 0);
  });

  it('does so neither where another rule is in doubt as well', async () => {
    const workflow = aWorkflow({
      settings: { honoursEarlyEnd: false, supersession: 'none', ruleTargets: 'subnet' },
      vm: { nicNsg: { rules: [WITHOUT] }, subnetNsg: { rules: [TAG] } },
    });
    await workflow.run(RUN);
    workflow.azure.addWatcher(ELSEWHERE);
    const [closed] = await close(workflow, noted(workflow));
    assert.equal(closed?.kind, 'closed');
    assert.equal(workflow.count('rule.delete'), 1);
    assert.equal(workflow.count('ipFlowVerify'), 0);
  });

  it('costs a closing that hangs no more than its time, and leaves the port open', async () => {
    const workflow = behind(WITHOUT);
    assert.deepEqual((await workflow.run(RUN)).codes, []);
    workflow.azure.always('ipFlowVerify', 'hang');
    const before = workflow.count('ipFlowVerify');
    const [closed] = await close(workflow, noted(workflow));
    assert.ok(closed?.kind === 'open');
    assert.match(closed.why, /cloud/);
    assert.equal(workflow.count('ipFlowVerify'), before + 2, 'for TCP and for UDP');
  });

  it('is not taken for other rules than it was asked for', async () => {
    const workflow = behind(WITHOUT);
    assert.deepEqual((await workflow.run(RUN)).codes, []);
    workflow.azure.next('ipFlowVerify', () => {
      workflow.vm.nicNsg?.addRule({ name: 'late', priority: 90, access: 'Allow', destinationPorts: ['22'] });
    });
    workflow.azure.settings.verdicts = 'Deny';
    const [closed] = await close(workflow, noted(workflow));
    assert.ok(closed?.kind === 'open');
    assert.match(closed.why, /late/);
  });
});
