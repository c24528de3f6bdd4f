import assert from 'node:assert/strict';
import { anyPort } from '../support/scenario';
import {
  requestedPorts,
  assertFailed,
  assertSucceeded,
  requestsOf,
  usePackagedTask,
  type PackagedStep,
} from '../support/packagedTask';

const HOUR = 3_600_000;

/** Returns the names of the policies under which access was requested. */
const requestedPolicies = ({ azure }: PackagedStep) =>
  azure.callsTo('initiate').map(({ path }) => path.split('/').at(-2));

describe('finding the policy', () => {
  const task = usePackagedTask();

  it('works for every name, page, and place in the list, and for every case of IDs', async () => {
    const step = await task.prepare({ settings: { pageSize: 1 } });
    const { azure } = step;
    const other = azure.addVm({ name: 'other' });
    const last = azure.addVm({ name: 'db-01' });
    azure.addPolicy({ name: 'default', vms: [{ vm: other, ports: [anyPort(22)] }] });
    azure.addPolicy({ name: 'Z 9 (databases)', vms: [{ vm: last, ports: [anyPort(22)] }] });
    const id = last.id.replace('/resourceGroups/rg-app', '/RESOURCEGROUPS/Rg-APP').replace('db-01', 'DB-01');
    assertSucceeded(await step.run({ vmResourceId: id }));
    assert.deepEqual(
      requestedPolicies(step).map((name) => decodeURIComponent(name ?? '')),
      ['Z 9 (databases)'],
    );
    assert.equal(azure.callsTo('policies.list').length, 3);
  });

  it('uses the policy that is named, regardless of case', async () => {
    const step = await task.prepare();
    step.azure.addPolicy({ name: 'second', vms: [{ vm: step.vm, ports: [anyPort(22)] }] });
    assertSucceeded(await step.run({ policyName: 'SECOND' }));
    assert.deepEqual(requestedPolicies(step), ['second']);
  });

  it('prefers, of two policies for a VM, the one that allows everything that is requested', async () => {
    const step = await task.prepare({ ports: [anyPort(22)] });
    step.azure.addPolicy({ name: 'wide', vms: [{ vm: step.vm, ports: [anyPort(22), anyPort(5986)] }] });
    assertSucceeded(await step.run({ ports: 'ssh,winrm-https' }));
    assert.deepEqual(requestedPolicies(step), ['wide']);
  });

  it('reports what does not exist, and requests nothing', async () => {
    const step = await task.prepare();
    const { azure, vm } = step;
    const free = azure.addVm({ name: 'free-01' });
    const gone = azure.addVm({ name: 'gone-01' });
    azure.addPolicy({ name: 'leftover', vms: [{ vm: gone, ports: [anyPort(22)] }] });
    azure.removeVm(gone);
    const [unknown, notListed, uncovered, removed, never, group, dry] = await Promise.all([
      step.run({ policyName: 'no-such-policy' }),
      step.run({ policyName: 'leftover' }),
      step.run({ vmResourceId: `${vm.id}\n${free.id}` }),
      step.run({ vmResourceId: gone.id }),
      step.run({ vmResourceId: vm.id.replace('web-01', 'web-99') }),
      step.run({ vmResourceId: 'rg-none/web-01' }),
      step.run({ vmResourceId: free.id, dryRun: 'true' }),
    ]);
    assertFailed(unknown, 'JIT406', 'no-such-policy', 'jit-web');
    assertFailed(notListed, 'JIT401', 'leftover', 'web-01');
    assertFailed(uncovered, 'JIT401', 'free-01');
    assertFailed(removed, 'JIT406', 'gone-01');
    assertFailed(never, 'JIT406', 'web-99');
    assertFailed(group, 'JIT406', 'rg-none');
    assertFailed(dry, 'JIT401', 'free-01');
    assert.deepEqual(azure.callsTo('initiate'), []);
  });
});

describe('requesting what the policy allows', () => {
  const task = usePackagedTask();

  it('accepts a VM as group/name, and ports as numbers, ranges, and names', async () => {
    const ports = [22, 3389, 5985, 5986, 8080].map(anyPort);
    const step = await task.prepare({ ports });
    const run = await step.run({
      vmResourceId: 'rg-app/web-01',
      ports: ' SSH, 5985-5986,rdp,22 ',
      sourceIp: '20.61.1.1',
    });
    assertSucceeded(run);
    assert.deepEqual(
      requestedPorts(step)
        .map(({ number }) => number)
        .toSorted((a, b) => a - b),
      [22, 3389, 5985, 5986],
    );
    assert.equal(run.outputs['port'], '22');
    const all = await step.run({ ports: 'all', sourceIp: '20.61.1.2' });
    assertSucceeded(all);
    assert.deepEqual(
      requestsOf(step)[1]?.virtualMachines[0]?.ports.map(({ number }) => number),
      [22, 3389, 5985, 5986, 8080],
    );
  });

  it("does not exceed the policy's maximum for each port", async () => {
    const step = await task.prepare({
      ports: [
        { ...anyPort(22), maxRequestAccessDuration: 'PT1H30M' },
        { ...anyPort(3389), maxRequestAccessDuration: 'P1D' },
      ],
    });
    const { azure } = step;
    const before = azure.now();
    assertSucceeded(await step.run({ ports: 'all', duration: 'max' }));
    const [ssh, rdp] = requestedPorts(step).map(({ endTimeUtc }) => Date.parse(endTimeUtc) - before);
    assert.ok(ssh !== undefined && ssh > 1.45 * HOUR && ssh < 1.55 * HOUR, String(ssh));
    assert.ok(rdp !== undefined && rdp > 23.9 * HOUR && rdp < 24.1 * HOUR, String(rdp));
  });

  it('reports what is allowed if something else was requested, and requests nothing', async () => {
    const step = await task.prepare({
      ports: [anyPort(22), { ...anyPort(3389), sources: ['20.99.0.0/24', '20.98.0.7'] }],
    });
    const { azure } = step;
    const second = azure.addVm({ name: 'second' });
    azure.addPolicy({ name: 'other', vms: [{ vm: second, ports: [anyPort(443)] }] });
    const cases = [
      { inputs: { ports: '8080' }, code: 'JIT402', names: ['8080', '22', '3389', 'jit-web'] },
      {
        inputs: { ports: '22', duration: '4h' },
        code: 'JIT403',
        names: [/\b4 ?h/, /\b3 ?h/, 'duration: max'],
      },
      { inputs: { ports: '3389' }, code: 'JIT404', names: ['20.61.99.7', '20.99.0.0/24', '20.98.0.7'] },
      { inputs: { ports: '3389', sourceIp: '20.99.0.0/23' }, code: 'JIT404', names: ['20.99.0.0/23'] },
      { inputs: { ports: '3389', sourceIp: '*' }, code: 'JIT404', names: ['20.99.0.0/24'] },
      { inputs: { sourceIp: 'policy' }, code: 'JIT404', names: ['web-01', '*'] },
      { inputs: { vmResourceId: 'rg-app/web-01,rg-app/second' }, code: 'JIT402', names: ['second', '443'] },
    ];
    for (const { inputs, code, names } of cases) {
      const runs = await Promise.all([step.run(inputs), step.run({ ...inputs, dryRun: 'true' })]);
      for (const run of runs) {
        assertFailed(run, code, ...names);
        assert.deepEqual(run.outputs, {});
      }
    }
    assert.deepEqual(azure.callsTo('initiate'), []);
  });
});
