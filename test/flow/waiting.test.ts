import assert from 'node:assert/strict';
import {
  notReached,
  senselessAnswer,
  serverError,
  throttled,
  waitTooLong,
} from '../../tasks/shared/messages/failures';
import { endedBefore } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/waiting';
import { anyPort, aWorkflow, HOUR, MINUTE } from './workflow';

describe('waiting until a port is open', () => {
  it('waits for a rule that is written late', async () => {
    const { run, context: context } = aWorkflow({ settings: { ruleDelayMs: 70_000 } });
    const { codes, endpoints, opened } = await run();
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    const waited = opened?.accesses[0]?.waitedMs ?? 0;
    assert.ok(waited >= 70_000 && waited <= 76_000, `waited ${waited} ms`);
    assert.equal(context.clock.now() < 80_000, true);
  });

  it('checks often at first and then every five seconds', async () => {
    const { run, count } = aWorkflow({ settings: { ruleDelayMs: Infinity }, vm: { subnetNsg: false } });
    assert.deepEqual((await run({ waitTimeout: '60s' })).codes, ['JIT701']);
    // 0, 1, 2, 4, 6, 9, then 14, 19, … 59: sixteen checks.
    assert.equal(count('nsg'), 16);
  });

  it('logs about every fifteen seconds that it waits', async () => {
    const { run, context: context } = aWorkflow({ settings: { ruleDelayMs: Infinity } });
    await run({ waitTimeout: '3m' });
    const times = context.entries.filter(({ kind }) => kind === 'line').map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.ok(Math.max(...gaps) <= 20_000, `the longest silence was ${Math.max(...gaps)} ms`);
    assert.ok(times.length <= 40, `${times.length} lines`);
  });

  it('reads the NSG of a subnet that VMs share once per round', async () => {
    const { run, azure, vm, count } = aWorkflow({ settings: { ruleDelayMs: 0, ruleTargets: 'subnet' } });
    const twin = azure.addVm({ name: 'web-02', nicNsg: false });
    azure.addPolicy({ name: 'jit-2', vms: [{ vm: twin, ports: [anyPort(22), anyPort(80)] }] });
    vm.nicNsg?.addRule({ name: 'inside', priority: 200, access: 'Allow' });
    assert.deepEqual((await run({ vmResourceId: twin.id, ports: '22,80' })).codes, []);
    assert.equal(count('nsg'), 1);
  });

  it('requires both NSGs to allow the source', async () => {
    const { run } = aWorkflow({ settings: { ruleTargets: 'nic' } });
    const { opened, codes } = await run({ waitTimeout: '30s' });
    assert.deepEqual(codes, ['JIT701']);
    assert.match(opened?.failures[0]?.seen ?? '', /DenyAllInBound.*subnet/);
  });

  it('names the status of the request when the rule never appears', async () => {
    const { run, context: context, ledger } = aWorkflow({ settings: { ruleDelayMs: Infinity } });
    const { codes, opened, endpoints } = await run({ waitTimeout: '1m' });
    assert.deepEqual(codes, ['JIT701']);
    assert.match(opened?.failures[0]?.seen ?? '', /Initiated/);
    assert.match(opened?.failures[0]?.seen ?? '', /JITRule_.*priority 4096/);
    assert.equal(endpoints[0]?.status, 'failed');
    assert.equal(context.clock.now(), MINUTE);
    assert.equal(ledger.open.length, 1, 'the request is open all the same');
  });

  it('detects when a deployment removes the rule before it was seen', async () => {
    const { run, context: context, vm } = aWorkflow({ settings: { ruleDelayMs: 10_000 } });
    context.clock.at(5000, () => {
      vm.nicNsg?.wipeJitRules();
      vm.subnetNsg?.wipeJitRules();
    });
    assert.deepEqual((await run({ waitTimeout: '30s' })).codes, ['JIT701']);
  });

  it('fails with JIT701 when the request stays Initiating', async () => {
    const { run } = aWorkflow({ settings: { initiatingMs: Infinity } });
    const { codes, opened } = await run({ waitFor: 'request', waitTimeout: '45s' });
    assert.deepEqual(codes, ['JIT701']);
    assert.match(opened?.failures[0]?.seen ?? '', /Initiating/);
  });

  it('fails with JIT701 immediately when the request reaches its own end and no one superseded it', async () => {
    const { run, context: context } = aWorkflow({ settings: { ruleDelayMs: Infinity } });
    const { codes, opened } = await run({ duration: '1m' });
    assert.deepEqual(codes, ['JIT701']);
    const [waited] = opened?.accesses ?? [];
    assert.ok(waited);
    assert.equal(opened?.failures[0]?.seen, endedBefore(waited.access).seen);
    assert.ok(context.clock.now() < 70_000, 'it did not wait to the end');
  });

  it('reads no rules when it waits for the request only', async () => {
    const { run, count } = aWorkflow({ settings: { initiatingMs: 9000, ruleDelayMs: Infinity } });
    const { codes, endpoints } = await run({ waitFor: 'request' });
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'initiated');
    assert.equal(count('nsg'), 0);
  });

  it('is skipped with waitFor: nothing', async () => {
    const { run, context: context } = aWorkflow({ settings: { ruleDelayMs: Infinity } });
    const { codes, endpoints } = await run({ waitFor: 'nothing' });
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'requested');
    assert.equal(context.clock.now(), 0);
  });

  it('names a manually created rule that comes first', async () => {
    const { run, vm } = aWorkflow();
    vm.subnetNsg?.addRule({ name: 'no-ssh', priority: 50, access: 'Deny', destinationPorts: ['22'] });
    const { codes, opened } = await run({ waitTimeout: '20s' });
    assert.deepEqual(codes, ['JIT702']);
    assert.match(opened?.failures[0]?.seen ?? '', /no-ssh.*50.*default-subnet-nsg.*subnet/);
  });

  it('treats a deny rule with a tag that cannot be resolved as a rule that comes first', async () => {
    const { run, vm } = aWorkflow();
    vm.nicNsg?.addRule({ name: 'no-cloud', priority: 60, access: 'Deny', sources: ['AzureCloud'] });
    assert.deepEqual((await run({ waitTimeout: '20s' })).codes, ['JIT702']);
  });

  it('never treats an allow rule with a tag that cannot be resolved as open', async () => {
    const { run, vm } = aWorkflow({ settings: { ruleDelayMs: Infinity } });
    for (const group of [vm.nicNsg, vm.subnetNsg]) {
      group?.addRule({ name: 'cloud', priority: 60, access: 'Allow', sources: ['AzureCloud'] });
    }
    assert.deepEqual((await run({ waitTimeout: '20s' })).codes, ['JIT701']);
  });

  it('fails with JIT703 when another request supersedes this one, and names it', async () => {
    const {
      run,
      context: context,
      policy,
      vm,
    } = aWorkflow({
      settings: { supersession: 'vm+port', ruleDelayMs: 30_000 },
    });
    context.clock.at(10_000, () => {
      const sources = ['20.90.1.1'];
      policy.requestByOther({ vm, port: 22, sources, durationMs: 2 * HOUR, justification: 'run 77' });
    });
    const { codes, opened } = await run();
    assert.deepEqual(codes, ['JIT703']);
    for (const part of ['ben@contoso.com', '20.90.1.1', 'run 77', 'NewerRequestInitiated']) {
      assert.ok(opened?.failures[0]?.seen.includes(part), part);
    }
    assert.ok(context.clock.now() < 20_000, 'at once');
  });

  it('also fails with JIT703 when it waits for the request only', async () => {
    const {
      run,
      context: context,
      policy,
      vm,
    } = aWorkflow({
      settings: { supersession: 'vm+port', initiatingMs: 30_000 },
    });
    context.clock.at(10_000, () => {
      policy.requestByOther({ vm, port: 22, sources: ['20.90.1.1'], durationMs: 2 * HOUR });
    });
    assert.deepEqual((await run({ waitFor: 'request' })).codes, ['JIT703']);
  });

  it('waits for the other ports when one has failed', async () => {
    const { run, vm } = aWorkflow({ settings: { ruleDelayMs: 20_000 } });
    vm.nicNsg?.addRule({ name: 'no-ssh', priority: 50, access: 'Deny', destinationPorts: ['22'] });
    const { codes, endpoints } = await run({ ports: '22,3389', waitTimeout: '1m' });
    assert.deepEqual(codes, ['JIT702']);
    assert.deepEqual(
      endpoints.map(({ port, status }) => [port, status]),
      [
        [22, 'failed'],
        [3389, 'open'],
      ],
    );
  });

  for (const failure of [serverError('x', 503, 'y'), notReached('x', 'y'), senselessAnswer('x', 'y')]) {
    it(`loses a round, not the wait, because of ${failure.code}`, async () => {
      const { run, azure } = aWorkflow({ settings: { ruleDelayMs: 3000 } });
      azure.next('nsg', failure, failure, failure);
      const { codes, endpoints } = await run();
      assert.deepEqual(codes, []);
      assert.equal(endpoints[0]?.status, 'open');
    });

    it(`fails with ${failure.code} when nothing else was ever received`, async () => {
      const { run, azure } = aWorkflow();
      azure.always('nsg', failure);
      assert.deepEqual((await run({ waitTimeout: '30s' })).codes, [failure.code]);
    });
  }

  it('ends with JIT601 when Azure throttles until the retries end', async () => {
    const { run, azure, context: context, ledger } = aWorkflow();
    azure.always('nsg', throttled('x', 'y'));
    assert.deepEqual((await run()).codes, ['JIT601']);
    assert.ok(context.clock.now() < 10_000);
    assert.equal(ledger.open.length, 1);
  });

  it('continues without the request, which only shows a revocation, for as long as Azure requests a pause', async () => {
    const { run, azure, context, count } = aWorkflow({ settings: { ruleDelayMs: 70_000 } });
    const reads: number[] = [];
    const note = () => {
      reads.push(context.clock.now());
    };
    azure.next('policy.get', waitTooLong('status 429', 60_000, true), note);
    assert.deepEqual((await run({ waitTimeout: '2m' })).codes, []);
    // It is not read in the first round. A read that Azure refuses until 61 s is repeated in the first round after
    // that.
    assert.ok(reads[0] !== undefined && reads[0] >= 61_000 && reads[0] < 67_000, reads.join());
    assert.ok(count('policy.get') <= 4, String(count('policy.get')));
  });

  it('respects its time limit even if a call hangs', async () => {
    const { run, azure, context: context } = aWorkflow();
    azure.always('nsg', 'hang');
    const { codes } = await run({ waitTimeout: '40s' });
    assert.equal(codes.length, 1);
    assert.ok(codes[0] === 'JIT701' || codes[0] === 'JIT603', codes[0]);
    assert.equal(context.clock.now(), 40_000);
  });

  it('reports what the last check found when a later call hangs', async () => {
    const { run, azure, vm } = aWorkflow();
    vm.nicNsg?.addRule({ name: 'no-ssh', priority: 50, access: 'Deny', destinationPorts: ['22'] });
    azure.next('policy.get', 'hang');
    assert.deepEqual((await run({ waitTimeout: '40s' })).codes, ['JIT702']);
  });
});
