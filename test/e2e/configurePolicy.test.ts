import assert from 'node:assert/strict';
import { DEFAULT_SUBSCRIPTION, type SimulatedAzure } from '../support/azure';
import type { Run } from '../support/agent/step';
import { anyPort } from '../support/scenario';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  onFirst,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

const TASK = 'tasks/JitConfigurePolicy/JitConfigurePolicyV1';
const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

interface SentVm {
  readonly id: string;
  readonly publicIpAddress?: string;
  readonly ports: readonly { readonly number: number; readonly allowedSourceAddressPrefix?: string }[];
}
interface SentPolicy {
  readonly kind: string;
  readonly properties: { readonly appendMode?: boolean; readonly virtualMachines: readonly SentVm[] };
}

const puts = (azure: SimulatedAzure) => azure.callsTo('policy.put').map(({ body }) => body as SentPolicy);
/** Returns the VMs in a policy that was sent, as `name:ports`. */
const sent = (policy: SentPolicy | undefined) =>
  (policy?.properties.virtualMachines ?? []).map(
    ({ id, ports }) => `${id.split('/').at(-1) ?? ''}:${ports.map(({ number }) => number).join()}`,
  );
const diffOf = (run: Run) =>
  JSON.parse(run.outputs['diff'] ?? '[]') as { vmName: string; change: string; ports: unknown[] }[];

for (const handler of ['Node20_1', 'Node24'] as const) {
  describe(`JitConfigurePolicy on ${handler}`, () => {
    const task = usePackagedTask(handler, TASK);

    it('adds VMs of several groups and regions to one policy each, with ports by operating system, and then changes nothing', async () => {
      const step = await task.prepare();
      const { azure } = step;
      const linux = azure.addVm({ name: 'lin-01', resourceGroup: 'rg-new' });
      const windows = azure.addVm({ name: 'win-01', resourceGroup: 'rg-new', system: 'Windows' });
      const far = azure.addVm({ name: 'far-01', resourceGroup: 'rg-new', location: 'northeurope' });
      const apart = azure.addVm({ name: 'old-01', resourceGroup: 'rg-old', system: 'profile:Windows' });
      const vmResourceId = [linux, windows, far, apart].map(({ id }) => id).join('\n');
      const run = await step.run({ vmResourceId });
      assertSucceeded(run);
      assert.deepEqual(
        puts(azure)
          .map((body) => sent(body).join(' '))
          .toSorted(),
        ['far-01:22', 'lin-01:22 win-01:3389', 'old-01:3389'],
      );
      assert.equal(run.outputs['changed'], 'true');
      assert.equal(run.outputs['policyIds']?.split(',').length, 3);
      assert.ok(run.outputs['policyIds'].includes(`locations/northeurope/jitNetworkAccessPolicies/default`));
      assert.deepEqual(
        diffOf(run).map(({ change }) => change),
        ['added', 'added', 'added', 'added'],
      );
      assert.equal(run.progress.at(-1)?.percent, 100);
      assert.match(
        run.summaries.join(),
        /\| lin-01 \| default \(rg-new, westeurope\) \| VM added \| - \| 22 max 3h/,
      );
      const again = await step.run({ vmResourceId });
      assertSucceeded(again);
      assert.equal(puts(azure).length, 3);
      assert.equal(again.outputs['changed'], 'false');
    });

    it('merges, makes exact, and removes, and keeps the other VMs and fields', async () => {
      const step = await task.prepare({ firewall: '20.7.7.7' });
      const { azure, vm } = step;
      const db = azure.addVm({ name: 'db-01' });
      const portRules = '443/tcp max 1h from 203.0.113.0/24,198.51.100.7';
      const other = { vmResourceId: db.id, policyName: 'JIT-WEB', portRules };
      assertSucceeded(await step.run(other));
      assertSucceeded(await step.run({ ...other, portRules: '8080' }));
      assertSucceeded(await step.run({ ...other, portRules: 'ssh', mode: 'exact' }));
      assertSucceeded(await step.run({ vmResourceId: db.id, action: 'remove' }));
      assert.deepEqual(puts(azure).map(sent), [
        ['web-01:22,3389', 'db-01:443'],
        ['web-01:22,3389', 'db-01:443,8080'],
        ['web-01:22,3389', 'db-01:22'],
        ['web-01:22,3389'],
      ]);
      for (const { properties, ...rest } of puts(azure)) {
        assert.deepEqual(Object.keys(rest), ['kind']);
        assert.deepEqual(Object.keys(properties).toSorted(), ['appendMode', 'virtualMachines']);
        assert.equal(properties.virtualMachines[0]?.publicIpAddress, '20.7.7.7');
      }
      const last = await step.run({ action: 'remove' });
      assertSucceeded(last);
      assert.deepEqual([puts(azure).length, azure.callsTo('policy.delete').length], [4, 1]);
      const nothing = await step.run({ vmResourceId: vm.id, action: 'remove' });
      assertSucceeded(nothing);
      assert.deepEqual([nothing.outputs['changed'], nothing.outputs['policyIds'] ?? ''], ['false', '']);
      assert.equal(azure.callsTo('policy.delete').length, 1);
    });

    it('shows the difference in a dry run, and changes nothing', async () => {
      const step = await task.prepare();
      const run = await step.run({ portRules: '443', mode: 'exact', dryRun: 'true' });
      assertSucceeded(run);
      assert.deepEqual([...puts(step.azure), ...step.azure.callsTo('policy.delete')], []);
      assert.deepEqual([diffOf(run)[0]?.change, diffOf(run)[0]?.ports.length], ['changed', 3]);
      assert.equal(run.outputs['changed'], 'false');
      for (const text of ['+ 443 max 3h from *', '- 22 max 3h from *', '- 3389 max 3h from *'])
        assert.ok(
          run.log.some((line) => line.includes(text)),
          text,
        );
      assert.match(run.summaries.join(), /\| port would be added \|/);
      assert.doesNotMatch(run.summaries.join(), /port (?:added|removed)/);
    });

    it('keeps what another writer adds in the meantime', async () => {
      const step = await task.prepare();
      const { azure, vm } = step;
      const db = azure.addVm({ name: 'db-01' });
      const late = azure.addVm({ name: 'late-01' });
      onFirst(step, 'policy.get', () => {
        const ports = [anyPort(22)];
        azure.addPolicy({
          name: 'jit-web',
          vms: [
            { vm, ports },
            { vm: late, ports },
          ],
        });
      });
      const run = await step.run({ vmResourceId: db.id, policyName: 'jit-web' });
      assertSucceeded(run);
      assert.deepEqual(puts(azure).map(sent), [['web-01:22', 'late-01:22', 'db-01:22']]);
    });
  });
}

describe('JitConfigurePolicy with errors', () => {
  const task = usePackagedTask('Node20_1', TASK);

  it('reports all invalid inputs at once, before any call', async () => {
    const step = await task.prepare();
    const wrong = {
      azureSubscription: '',
      vmResourceId: 'x',
      action: 'destroy',
      portRules: '22 max 2d\n70000\n$5',
      mode: 'replace',
      policyName: '%2e%2e',
      dryRun: 'perhaps',
      waitTimeout: '2h',
    };
    assertFailed(await step.run(wrong), 'JIT101', ...Object.keys(wrong), '70000', '22 max 2d');
    const unresolved = await step.run({ portRules: '$(ports)' });
    assertFailed(unresolved, 'JIT101', '$(ports)');
    assertFailed(await step.run({ action: 'remove', portRules: '22' }), 'JIT101', 'portRules', '-8080');
    assert.deepEqual(step.azure.calls, []);
  });

  it('names the action that is missing', async () => {
    const cases = [
      { action: `${JIT}/read`, also: [`${JIT}/*/read`], inputs: {} },
      { action: `${JIT}/write`, also: [], inputs: { portRules: '443' } },
      { action: `${JIT}/delete`, also: [], inputs: { action: 'remove' } },
      { action: 'Microsoft.Compute/virtualMachines/read', also: [], inputs: {} },
      { action: 'Microsoft.Compute/virtualMachines/write', also: [], inputs: { portRules: '443' } },
    ];
    await Promise.all(
      cases.map(async ({ action, also, inputs }) => {
        const step = await task.prepare();
        step.principal.forbid(action, ...also);
        assertFailed(await step.run(inputs), 'JIT301', action);
      }),
    );
    const off = await task.prepare();
    off.azure.planTwoOff(DEFAULT_SUBSCRIPTION, 'everything');
    assertFailed(await off.run(), 'JIT302', DEFAULT_SUBSCRIPTION);
  });

  it('fails a dry run without the right to write, and shows the difference and the rights', async () => {
    const step = await task.prepare();
    step.principal.forbid(`${JIT}/write`);
    const run = await step.run({ portRules: '443', dryRun: 'true' });
    assertFailed(run, 'JIT301', `${JIT}/write`, step.policy.id);
    assert.equal(run.outputs['changed'], 'false');
    assertNames(run.summaries.join(), 'web-01', '443', 'would fail', `${JIT}/write`);
    assert.deepEqual(step.azure.callsTo('policy.put'), []);
  });

  it('reports what is not possible: a missing VM, long names, a refusal, an unknown operating system', async () => {
    const step = await task.prepare();
    const { azure } = step;
    const long = azure.addVm({ name: 'n'.repeat(50), resourceGroup: 'rg-long' });
    const silent = azure.addVm({ name: 'silent', resourceGroup: 'rg-long', system: null });
    const [missing, tooLong, unknown] = await Promise.all([
      step.run({ vmResourceId: 'rg-app/web-99' }),
      step.run({ vmResourceId: long.id }),
      step.run({ vmResourceId: silent.id }),
    ]);
    assertFailed(missing, 'JIT406', 'web-99');
    assertFailed(tooLong, 'JIT411', 'default', long.name, '57', '56');
    assertFailed(unknown, 'JIT101', 'silent', 'portRules');
    azure.faults.next('policy.put', { status: 400, code: 'InvalidPolicy', message: 'Not like this.' });
    const refused = await step.run({ portRules: '443' });
    assertFailed(refused, 'JIT413', 'jit-web', 'Not like this');
    assert.equal(azure.callsTo('policy.put').length, 1);
  });

  it('reads again after a failed write, and waits no longer than allowed', async () => {
    const [broken, slow] = await Promise.all([
      task.prepare(),
      task.prepare({ settings: { updatingMs: Infinity } }),
    ]);
    broken.azure.faults.next('policy.put', ['lostAnswer']);
    const run = await broken.run({ portRules: '443' });
    assertSucceeded(run);
    assert.equal(run.outputs['changed'], 'true');
    assert.equal(broken.azure.callsTo('policy.put').length, 1);
    const late = await slow.run({ portRules: '443', waitTimeout: '2s' });
    assertFailed(late, 'JIT412', 'jit-web', 'Updating');
    // The write itself took effect.
    assert.deepEqual([late.outputs['changed'], diffOf(late)[0]?.change], ['true', 'changed']);
    assert.ok(late.outputs['policyIds']?.endsWith('/jit-web'));
  });

  it('warns of active requests that it ends, and does not change others', async () => {
    const step = await task.prepare();
    const { policy, vm } = step;
    for (const port of [22, 3389])
      policy.requestByOther({ vm, port, sources: [`20.9.9.${String(port % 256)}`], durationMs: 3_600_000 });
    const run = await step.run({ portRules: '22 max 3h', mode: 'exact' });
    assertSucceeded(run);
    assert.equal(warningsOf(run).length, 1);
    assertWarns(run, 'port 3389 of web-01', 'ben@contoso.com');
    assert.equal(policy.liveGrants().length, 2);
  });
});
