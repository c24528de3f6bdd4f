import assert from 'node:assert/strict';
import { textsOf } from '../../tasks/shared/core/prefixes';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { START } from '../support/fakes/fakeContext';
import { anyPort, aWorkflow, HOUR } from './workflow';

describe('reusing an active request', () => {
  const asOther = (durationMs: number, sources: readonly string[] = ['20.50.1.7']) => {
    const workflow = aWorkflow();
    workflow.policy.requestByOther({ vm: workflow.vm, port: 22, sources, durationMs });
    return workflow;
  };

  it('requests nothing again when a step is retried', async () => {
    const { run, count, ledger } = aWorkflow();
    const first = await run();
    const second = await run();
    assert.deepEqual(second.codes, []);
    assert.equal(count('initiate'), 1);
    assert.equal(second.outputs?.expiresAtUtc, first.outputs?.expiresAtUtc);
    assert.equal(second.endpoints[0]?.status, 'open');
    assert.equal(ledger.open.at(-1)?.reused, true);
  });

  it('counts a request with exactly nine tenths of the time left', async () => {
    const { run, count } = asOther(0.9 * HOUR);
    assert.deepEqual((await run({ duration: '1h' })).codes, []);
    assert.equal(count('initiate'), 0);
  });

  it('does not count a request with less', async () => {
    const { run, count } = asOther(0.9 * HOUR - 1);
    await run({ duration: '1h' });
    assert.equal(count('initiate'), 1);
  });

  it('counts a request for a wider source, and waits for the requested source only', async () => {
    const { run, count, context: context, vm } = asOther(HOUR, ['20.50.0.0/16']);
    // A manually created rule blocks the rest of the wider source, which this run does not need.
    vm.subnetNsg?.addRule({ name: 'no-guests', priority: 90, access: 'Deny', sources: ['20.50.200.0/24'] });
    const { codes, outputs } = await run();
    assert.deepEqual(codes, []);
    assert.equal(count('initiate'), 0);
    assert.equal(outputs?.sourceAddresses, '20.50.0.0/16');
    assert.ok(context.clock.now() < 60_000);
  });

  for (const [what, sources, port] of [
    ['another source', ['20.50.1.8'], 22],
    ['another port', ['20.50.1.7'], 3389],
  ] as const) {
    it(`does not count a request for ${what}`, async () => {
      const { run, count, policy, vm } = aWorkflow();
      policy.requestByOther({ vm, port, sources, durationMs: HOUR });
      await run();
      assert.equal(count('initiate'), 1);
    });
  }

  it('requests only the ports that no active request covers', async () => {
    const { run, policy, azure } = asOther(HOUR);
    const { codes, endpoints } = await run({ ports: '22,3389' });
    assert.deepEqual(codes, []);
    assert.equal(endpoints.length, 2);
    assert.equal(azure.calls.filter(({ kind }) => kind === 'initiate').length, 1);
    assert.deepEqual(
      policy.liveGrants().map(({ port }) => port),
      [22, 3389],
    );
  });

  describe('under another policy of the VM', () => {
    const underOther = () => {
      const workflow = aWorkflow();
      const { azure, vm } = workflow;
      const other = azure.addPolicy({ name: 'zz-other', vms: [{ vm, ports: [anyPort(22)] }] });
      other.requestByOther({ vm, port: 22, sources: ['20.50.1.7'], durationMs: HOUR });
      return workflow;
    };

    it('requests nothing, and waits for the existing request', async () => {
      const { run, count } = underOther();
      const { codes, endpoints } = await run();
      assert.deepEqual([codes, endpoints.map(({ status }) => status)], [[], ['open']]);
      assert.equal(count('initiate'), 0);
    });

    it('requests under the named policy, and names the request under the other one', async () => {
      const { run, count, policy, context } = underOther();
      assert.deepEqual((await run({ policyName: 'jit-web' })).codes, []);
      assert.equal(count('initiate'), 1);
      assert.equal(policy.liveGrants().length, 1);
      const named = context.texts('line').filter((line) => line.startsWith('Another active request'));
      assert.equal(named.length, 1);
      assert.match(named[0] ?? '', /port 22.*20\.50\.1\.7 until/);
    });
  });

  it('does not count requests that are over, even if their status is Initiated', async () => {
    const { run, count } = aWorkflow();
    // The policy keeps old entries, one of them `Initiated`.
    await run({ sourceIp: '167.220.196.64' });
    assert.equal(count('initiate'), 1);
  });

  it('reports in a dry run that an active request would be reused', async () => {
    const { run, count, context: context } = asOther(HOUR);
    assert.deepEqual((await run({ dryRun: 'true' })).codes, []);
    assert.equal(count('initiate'), 0);
    const end = new Date(START + HOUR).toISOString().slice(11, 19);
    assert.ok(context.texts('line').some((line) => line.includes(end)));
  });
});

describe('retrying a step with the address that Azure sees', () => {
  it('reuses the request of the earlier attempt', async () => {
    const { run, count, ledger } = aWorkflow();
    await run({ sourceIp: 'azure' });
    const [first] = ledger.open;
    assert.ok(first);
    const { codes, outputs } = await run({ sourceIp: 'azure' }, toOpened([], ledger));
    assert.deepEqual(codes, []);
    assert.equal(count('initiate'), 1);
    assert.equal(outputs?.sourceAddresses, textsOf(first.sources).join());
  });

  it('does not confuse it with a request of another run', async () => {
    const { run, count, policy, vm, azure } = aWorkflow();
    const sources = [azure.settings.seenAddress];
    policy.requestByOther({ vm, port: 22, sources, durationMs: HOUR });
    await run({ sourceIp: 'azure' });
    assert.equal(count('initiate'), 1);
  });
});
