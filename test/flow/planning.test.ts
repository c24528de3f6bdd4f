import assert from 'node:assert/strict';
import type { Code } from '../../tasks/shared/core/codes';
import { anyPort, aWorkflow, type RawInputs, type Rules } from './workflow';

const narrow: Rules = [anyPort(22, { sources: '20.50.0.0/16', maxRequestAccessDuration: 'PT1H' })];

const REFUSALS: readonly (readonly [string, Rules, RawInputs, Code])[] = [
  ['a port that the policy lacks', narrow, { ports: '23' }, 'JIT402'],
  ['one port of several that the policy lacks', narrow, { ports: '22,23' }, 'JIT402'],
  ['a time beyond the maximum', narrow, { duration: '61m' }, 'JIT403'],
  ['a source outside the policy', narrow, { sourceIp: '20.51.0.1' }, 'JIT404'],
  ['a source that reaches beyond the policy', narrow, { sourceIp: '20.50.0.0/15' }, 'JIT404'],
  ['any address under a policy of addresses', narrow, { sourceIp: '*' }, 'JIT404'],
  ...['*', '0.0.0.0/0', ['0.0.0.0/1', '128.0.0.0/1']].map(
    (sources) =>
      [
        `the sources of a policy for every address, written as ${String(sources)}`,
        [anyPort(22, { sources })],
        { sourceIp: 'policy' },
        'JIT404',
      ] as const,
  ),
  ['a policy name that does not exist', narrow, { policyName: 'other' }, 'JIT406'],
];

describe('planning the requests', () => {
  for (const [what, ports, inputs, code] of REFUSALS) {
    it(`requests nothing: ${what}`, async () => {
      const { run, count } = aWorkflow({ ports });
      assert.deepEqual((await run(inputs)).codes, [code]);
      assert.equal(count('initiate'), 0);
    });

    it(`fails a dry run in the same way: ${what}`, async () => {
      const { run, count } = aWorkflow({ ports });
      assert.deepEqual((await run({ ...inputs, dryRun: 'true' })).codes, [code]);
      assert.equal(count('initiate'), 0);
    });
  }

  it('rejects an agent whose own address the policy does not allow', async () => {
    const { run, context: context, count } = aWorkflow({ ports: narrow });
    context.services.direct = ['20.99.0.1', '20.99.0.1', '20.99.0.1'];
    const { thrown } = await run();
    assert.equal(thrown?.code, 'JIT404');
    assert.match(thrown.seen, /20\.50\.0\.0\/16/, 'it says what is allowed');
    assert.equal(count('initiate'), 0);
  });

  it('names what is allowed', async () => {
    const { run } = aWorkflow({ ports: [anyPort(22), anyPort(5986)] });
    assert.match((await run({ ports: '23' })).thrown?.seen ?? '', /22.*5986/);
    assert.match((await run({ duration: '4h' })).thrown?.seen ?? '', /3 h/);
  });

  it('requests access for no VM if the policy does not allow it for one of them', async () => {
    const { run, azure, vm, count } = aWorkflow();
    const other = azure.addVm({ name: 'web-02' });
    azure.addPolicy({ name: 'jit-2', vms: [{ vm: other, ports: [anyPort(80)] }] });
    const { codes } = await run({ vmResourceId: `${vm.id}\n${other.id}` });
    assert.deepEqual(codes, ['JIT402']);
    assert.equal(count('initiate'), 0);
  });

  it('distinguishes a VM without a policy, a VM that does not exist, and a policy without the VM', async () => {
    const { run, azure } = aWorkflow();
    const bare = azure.addVm({ name: 'bare-01' });
    assert.deepEqual((await run({ vmResourceId: bare.id })).codes, ['JIT401']);
    assert.deepEqual((await run({ vmResourceId: 'rg-app/gone-01' })).codes, ['JIT406']);
    assert.deepEqual((await run({ vmResourceId: bare.id, policyName: 'JIT-web' })).codes, ['JIT401']);
  });

  it('reports that a VM does not exist even if a policy still lists it', async () => {
    const { run, azure, vm, count } = aWorkflow();
    azure.removeVm(vm);
    assert.deepEqual((await run()).codes, ['JIT406']);
    assert.equal(count('initiate'), 0);
  });

  it('uses the policy that allows everything that is requested', async () => {
    const { run, azure, vm, policy, count } = aWorkflow();
    const wider = azure.addPolicy({ name: 'wider', vms: [{ vm, ports: [anyPort(22), anyPort(5986)] }] });
    const { codes } = await run({ ports: '22,5986' });
    assert.deepEqual(codes, []);
    assert.equal(wider.liveGrants().length, 2);
    assert.equal(policy.liveGrants().length, 0);
    assert.equal(count('initiate'), 1);
  });

  it('uses only the policy that is named, regardless of case', async () => {
    const { run, azure, vm, policy } = aWorkflow();
    const named = azure.addPolicy({ name: 'named', vms: [{ vm, ports: [anyPort(22)] }] });
    await run({ policyName: 'NAMED' });
    assert.equal(named.liveGrants().length, 1);
    assert.equal(policy.liveGrants().length, 0);
    assert.deepEqual((await run({ policyName: 'named', ports: '3389' })).codes, ['JIT402']);
  });

  it('requests nothing in a dry run, and logs what it would request', async () => {
    const { run, count, context: context, ledger } = aWorkflow();
    const { codes, outputs } = await run({ dryRun: 'true', ports: '22,3389' });
    assert.deepEqual(codes, []);
    assert.equal(outputs, undefined);
    assert.equal(count('initiate'), 0);
    assert.deepEqual(ledger.open, []);
    const lines = context.texts('line').join('\n');
    for (const part of ['web-01', '3389', '20.50.1.7', '2026-11-21 10:00:00 UTC']) {
      assert.ok(lines.includes(part), part);
    }
  });

  it('requests an address within an allowed CIDR unchanged, and refers to the policy if Azure refuses', async () => {
    const willing = aWorkflow({ ports: narrow, settings: { verbatimSources: false } });
    assert.equal((await willing.run()).outputs?.sourceAddresses, '20.50.1.7');
    const strict = aWorkflow({ ports: narrow, settings: { verbatimSources: true } });
    const { codes, opened } = await strict.run();
    assert.deepEqual(codes, ['JIT405']);
    assert.match(opened?.failures[0]?.remedy ?? '', /sourceIp: policy/);
    assert.deepEqual(strict.ledger.open, []);
    assert.deepEqual(strict.ledger.perhaps, []);
  });

  it('keeps what another policy granted when one of several requests fails', async () => {
    const { run, azure, vm, ledger } = aWorkflow();
    const other = azure.addVm({ name: 'db-01' });
    const ports = [anyPort(22, { sources: '20.50.0.0/16' })];
    azure.addPolicy({ name: 'jit-db', vms: [{ vm: other, ports }] });
    const { codes, endpoints } = await run({ vmResourceId: `${vm.id},${other.id}` });
    assert.deepEqual(codes, ['JIT405']);
    assert.deepEqual(
      endpoints.map(({ vmName, status }) => [vmName, status]),
      [['web-01', 'open']],
    );
    assert.deepEqual(
      ledger.open.map((access) => access.vm.name),
      ['web-01'],
    );
  });
});
