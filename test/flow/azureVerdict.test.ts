import assert from 'node:assert/strict';
import { notFound, serverError } from '../../tasks/shared/messages/failures';
import type { NewRule } from '../support/azure';
import { AGENT } from '../support/fakes/fakeContext';
import { behind, ELSEWHERE, IN_CLOUD, LIST, TAG, VERIFY } from './behindTag';
import { close, noted } from './closing';
import { anyPort, aWorkflow, type Workflow } from './workflow';

const linesOf = ({ context }: Workflow): string => context.texts('line').join('\n');
const RUN = { ports: '22', waitTimeout: '30s' };

describe('the result of IP flow verify for a port that the rules leave undecided', () => {
  it('opens the port, and is logged once', async () => {
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

  it('fails the waiting step with JIT702, which names the rule that Azure names', async () => {
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

  it('is requested only once while the rules do not change and the query is in progress', async () => {
    const workflow = behind(TAG);
    workflow.azure.always('ipFlowVerify', 'hang');
    const { codes, opened } = await workflow.run({ ...RUN, waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT702']);
    assert.doesNotMatch(opened?.failures[0]?.seen ?? '', /IP flow verify/);
    assert.equal(workflow.count('ipFlowVerify'), 1);
    assert.ok(workflow.count('nsg') > 2, 'the rounds go on meanwhile');
  });

  it('does not delay other ports if the query hangs, and is given up in the end', async () => {
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

  it('is requested for a private source and an application security group, with every required field', async () => {
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

  it('is not requested if the rules decide, or if the step waits for the policy or the request only', async () => {
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

  it('is not requested for a prefix, because one address proves nothing about it, and a line says so', async () => {
    const workflow = behind(TAG);
    assert.deepEqual((await workflow.run({ ...RUN, sourceIp: '20.50.1.0/24' })).codes, ['JIT702']);
    assert.equal(workflow.count('ipFlowVerify'), 0);
    assert.equal(linesOf(workflow).match(/more than 4 are in doubt/g)?.length, 1);
    const two = behind(TAG);
    assert.deepEqual((await two.run({ ...RUN, sourceIp: '20.50.1.6/31' })).codes, []);
    assert.equal(two.count('ipFlowVerify'), 2);
  });

  it('blocks if one source is denied, even one that the rules certainly allow', async () => {
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

describe('a result of IP flow verify that is not available', () => {
  const withoutVerdict = async (workflow: Workflow, ...says: readonly RegExp[]) => {
    const { codes, opened } = await workflow.run(RUN);
    assert.deepEqual(codes, ['JIT702'], 'as without it');
    assert.doesNotMatch(opened?.failures[0]?.seen ?? '', /IP flow verify/);
    assert.deepEqual(workflow.context.texts('warning'), []);
    for (const said of says) assert.equal(linesOf(workflow).match(said)?.length, 1, String(said));
  };

  for (const action of [LIST, VERIFY]) {
    it(`fails no step: without the right ${action}, it is tried once, and one line names the right`, async () => {
      const workflow = behind(TAG);
      workflow.azure.principal.forbid(action);
      await withoutVerdict(workflow, new RegExp(action.replace('.', '\\.')));
      assert.equal(workflow.count('watchers.list'), 1);
      assert.ok(workflow.count('ipFlowVerify') <= 1);
    });
  }

  it('fails no step if the region and subscription have no network watcher, or two', async () => {
    await withoutVerdict(behind(TAG, null), /no network watcher in westeurope/);
    await withoutVerdict(behind(TAG, { location: 'northeurope' }), /no network watcher in westeurope/);
    const subscriptionId = '99999999-2222-4333-8444-555555555555';
    await withoutVerdict(behind(TAG, { subscriptionId }), /no network watcher/);
    const two = behind(TAG);
    two.azure.addWatcher({ name: 'second' });
    await withoutVerdict(two, /more than one network watcher in westeurope/);
  });

  it('fails no step when Azure does not find the watcher, the VM is not running, or Azure fails', async () => {
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

describe('the result of IP flow verify after the job', () => {
  const WITHOUT: NewRule = {
    ...TAG,
    access: 'Allow',
    name: 'cloud',
    priority: 300,
    destinationPorts: ['22'],
  };

  it('closes what the rules leave undecided, and names the rule that denies', async () => {
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

  it('leaves the port open if it allows the source, and is reported with the rule that might allow it', async () => {
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

  it('is not used if the rules certainly allow the source', async () => {
    const workflow = behind({ ...WITHOUT, sources: [AGENT] });
    workflow.azure.settings.verdicts = 'Deny';
    assert.deepEqual((await workflow.run(RUN)).codes, []);
    const [closed] = await close(workflow, noted(workflow));
    assert.equal(closed?.kind, 'open');
    assert.equal(workflow.count('ipFlowVerify'), 0);
  });

  it("does not replace the deletion of the step's own rule", async () => {
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

  it('does not replace it either if another rule is undecided as well', async () => {
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

  it('delays closing only until the time limit if it hangs, and the port stays open', async () => {
    const workflow = behind(WITHOUT);
    assert.deepEqual((await workflow.run(RUN)).codes, []);
    workflow.azure.always('ipFlowVerify', 'hang');
    const before = workflow.count('ipFlowVerify');
    const [closed] = await close(workflow, noted(workflow));
    assert.ok(closed?.kind === 'open');
    assert.match(closed.why, /cloud/);
    assert.equal(workflow.count('ipFlowVerify'), before + 2, 'for TCP and for UDP');
  });

  it('is not applied to rules other than those that it was requested for', async () => {
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
