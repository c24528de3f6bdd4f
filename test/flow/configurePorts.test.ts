import assert from 'node:assert/strict';
import {
  portName,
  type RulePort,
} from '../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/portRules';
import { anyPort } from './workflow';
import { aPolicyWorkflow } from './policyWorkflow';

/** Creates jit-web with these ports for web-01. `left` returns the ports of web-01 after a run. */
function withPorts(ports: readonly ReturnType<typeof anyPort>[]) {
  const workflow = aPolicyWorkflow();
  const { azure, vm, db } = workflow;
  const vms = [
    { vm, ports },
    { vm: db, ports: [anyPort(22)] },
  ];
  azure.addPolicy({ name: 'jit-web', vms });
  const left = () =>
    azure
      .stored('jit-web')
      .vms.find((one) => one.vm.id === vm.id)
      ?.ports.map(({ number, protocol }) => portName({ port: number, protocol } as RulePort));
  return { ...workflow, left };
}

describe('removing ports', () => {
  it('keeps the others, without listing them', async () => {
    const { run, left, read } = withPorts([22, 443, 8080].map((number) => anyPort(number)));
    const { results } = await run({ portRules: '-8080' });
    assert.deepEqual(left(), ['22', '443']);
    assert.deepEqual(
      results[0]?.differences[0]?.ports.map(({ before, after }) => [before?.port, after]),
      [[8080, undefined]],
    );
    assert.equal((await run({ portRules: '-8080' })).changed, false);
    assert.equal((await run({ portRules: '-443\n5986 max 1h' })).changed, true);
    assert.deepEqual([left(), (await read())[1]], [['22', '5986'], 'jit-web/db-01:22']);
  });

  it('keeps the other protocol of a port for both protocols', async () => {
    const { run, left } = withPorts([22, 53].map((number) => anyPort(number)));
    await run({ portRules: '-53/tcp' });
    assert.deepEqual(left(), ['22', '53/udp']);
    await run({ portRules: '-53/udp' });
    assert.deepEqual(left(), ['22']);
  });

  it('does not remove the last port, and explains how to remove the VM', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, left } = withPorts([anyPort(22)]);
      const { codes, failures } = await run({ portRules: '-ssh', dryRun });
      assert.deepEqual([codes, left()], [['JIT101'], ['22']]);
      assert.match(failures[0]?.message ?? '', /portRules.*web-01.*action: remove/);
    }
  });

  it('does not remove the last port when another writer has removed the others in the meantime', async () => {
    const { run, left, azure, vm, count } = withPorts([22, 8080].map((number) => anyPort(number)));
    azure.next('policy.get', () =>
      azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports: [anyPort(8080)] }] }),
    );
    assert.deepEqual((await run({ portRules: '-8080' })).codes, ['JIT101']);
    assert.deepEqual([left(), count('policy.put')], [['8080'], 0]);
  });

  it('adds a VM to no policy', async () => {
    const { run, azure, count } = aPolicyWorkflow();
    const free = azure.addVm({ name: 'free-01' });
    const { codes, changed, uncovered } = await run({ vmResourceId: free.id, portRules: '-8080' });
    assert.deepEqual([codes, changed, uncovered.length, count('policy.put')], [[], false, 1, 0]);
  });
});

describe('the ports of a VM', () => {
  it('are those that Defender recommends if the rule is `recommended`', async () => {
    const { run, read } = aPolicyWorkflow();
    await run({ portRules: 'recommended', mode: 'exact' });
    assert.equal((await read())[0], 'jit-web/web-01:22,3389,5985,5986');
  });

  it('must be set if the operating system is unknown, and one error names all such VMs', async () => {
    const { run, azure, count } = aPolicyWorkflow();
    const vms = ['s-1', 's-2'].map((name) => azure.addVm({ name, system: null }));
    const vmResourceId = vms.map(({ id }) => id).join();
    const { codes, failures } = await run({ vmResourceId });
    assert.deepEqual([codes, count('policy.put')], [['JIT101'], 0]);
    assert.match(failures[0]?.message ?? '', /portRules.*s-1 and s-2/);
    assert.deepEqual((await run({ vmResourceId, portRules: 'ssh' })).codes, []);
  });
});

describe('a policy for each VM', () => {
  it('has a name that is built from the name of the VM', async () => {
    const { run, read, azure } = aPolicyWorkflow();
    const vms = ['a-1', 'a-2'].map((name) => azure.addVm({ name, resourceGroup: 'rg-app' }));
    const vmResourceId = vms.map(({ id }) => id).join();
    await run({ vmResourceId, policyName: '$(vmName)', portRules: '22' });
    assert.deepEqual((await read()).slice(2), ['a-1/a-1:22', 'a-2/a-2:22']);
    await run({ vmResourceId, policyName: '{vm}', action: 'remove' });
    assert.deepEqual((await read()).slice(2), []);
  });
});
