import assert from 'node:assert/strict';
import { anyPort, aWorkflow, MINUTE } from './workflow';

describe('waiting for a connection', () => {
  it('tries the host and port of the outputs once the rules allow the source', async () => {
    const { run, context: context } = aWorkflow({ settings: { ruleDelayMs: 9000 } });
    const { codes, endpoints } = await run({ waitFor: 'connection' });
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.deepEqual(context.ports.tried, [{ host: '20.60.1.10', port: 22 }]);
  });

  it('tries the given host instead', async () => {
    const { run, context: context } = aWorkflow();
    await run({ waitFor: 'connection', probeHost: 'lb.contoso.com' });
    assert.deepEqual(context.ports.tried, [{ host: 'lb.contoso.com', port: 22 }]);
  });

  it("tries the VM's own port at the given host, also behind Azure Firewall", async () => {
    const { azure, run, context: context } = aWorkflow();
    const vm = azure.addVm({ name: 'fw-01' });
    azure.addPolicy({ name: 'jit-fw', vms: [{ vm, ports: [anyPort(22)], publicIpAddress: '20.60.9.9' }] });
    const inputs = { vmResourceId: vm.id, waitFor: 'connection' };
    const { endpoints } = await run(inputs);
    const mapped = endpoints[0]?.connectPort ?? 22;
    assert.notEqual(mapped, 22);
    await run({ ...inputs, probeHost: 'lb.contoso.com' });
    assert.deepEqual(context.ports.tried, [
      { host: '20.60.9.9', port: mapped },
      { host: 'lb.contoso.com', port: 22 },
    ]);
  });

  it('accepts a reset as an answer, and logs that nothing listens', async () => {
    const { run, context: context } = aWorkflow();
    context.ports.answers = ['refused'];
    const before = aWorkflow();
    await before.run({ waitFor: 'connection' });
    assert.deepEqual((await run({ waitFor: 'connection' })).codes, []);
    assert.equal(context.texts('line').length, before.context.texts('line').length + 1);
  });

  it('retries until something answers', async () => {
    const { run, context: context } = aWorkflow();
    context.ports.answers = ['silent', 'silent', 'open'];
    assert.deepEqual((await run({ waitFor: 'connection' })).codes, []);
    assert.equal(context.ports.tried.length, 3);
  });

  it('fails with JIT704 when nothing answers in time', async () => {
    const { run, context: context } = aWorkflow();
    context.ports.answers = ['silent'];
    assert.deepEqual((await run({ waitFor: 'connection', waitTimeout: '1m' })).codes, ['JIT704']);
    assert.equal(context.clock.now(), MINUTE);
  });

  for (const answer of ['silent', 'unresolved'] as const) {
    it(`names in JIT704 the host that was ${answer}, and retries it`, async () => {
      const { run, context: context } = aWorkflow();
      context.ports.answers = [answer];
      const inputs = { waitFor: 'connection', waitTimeout: '1m', probeHost: 'lb.contoso.com' };
      const { codes, opened } = await run(inputs);
      const seen = opened?.failures.map((failure) => failure.seen).join() ?? '';
      assert.deepEqual(codes, ['JIT704']);
      assert.ok(context.ports.tried.length > 1);
      assert.ok(seen.includes('lb.contoso.com'), seen);
      assert.equal(seen.includes('resolved'), answer === 'unresolved');
    });
  }

  it('says in JIT704 that the host could not be resolved, although the last attempt was cut short', async () => {
    const inputs = { waitFor: 'connection', waitTimeout: '1m', probeHost: 'lb.contoso.com' };
    const first = aWorkflow();
    first.context.ports.answers = ['unresolved'];
    await first.run(inputs);
    const { run, context } = aWorkflow();
    const attempts = first.context.ports.tried.length;
    context.ports.answers = [...Array<'unresolved'>(attempts - 1).fill('unresolved'), 'silent'];
    const { codes, opened } = await run(inputs);
    assert.deepEqual(codes, ['JIT704']);
    assert.equal(context.ports.tried.length, attempts);
    assert.match(opened?.failures.map((failure) => failure.seen).join() ?? '', /could not be resolved/);
  });

  it('logs about every fifteen seconds that it waits', async () => {
    const { run, context: context } = aWorkflow();
    context.ports.answers = ['silent'];
    await run({ waitFor: 'connection', waitTimeout: '3m' });
    const times = context.entries.filter(({ kind }) => kind === 'line').map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    assert.ok(Math.max(...gaps) <= 25_000, `the longest silence was ${Math.max(...gaps)} ms`);
  });
});
