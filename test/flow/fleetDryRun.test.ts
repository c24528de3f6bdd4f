import assert from 'node:assert/strict';
import { groupIdOf } from '../../tasks/shared/core/resourceIds';
import { serverError } from '../../tasks/shared/messages/failures';
import { addFleet } from './fleet';
import { aWorkflow, type Ran } from './workflow';

describe('the dry run of a fleet of which some VMs cannot be opened', () => {
  const NO_SSH = { name: 'no-ssh', priority: 10, access: 'Deny', destinationPorts: ['22'] } as const;
  const INITIATE = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';
  /** Two VMs in their own groups and networks. */
  const two = () => {
    const workflow = aWorkflow();
    const { vms } = addFleet(workflow, 2, 2, (at) => ({
      publicIp: `20.60.2.${String(at)}`,
    }));
    const ids = vms.map(({ id }) => id).join('\n');
    const run = (onPartial: string, vmResourceId = ids) =>
      workflow.run({ vmResourceId, ports: '22', onPartial, dryRun: 'true' });
    return { ...workflow, vms, ids, dryRun: run };
  };
  const marksOf = ({ checks }: Ran, name: string) =>
    checks.flatMap(({ topic, mark, text }) => (text.includes(name) ? [`${topic}: ${mark}`] : []));

  it('warns of a VM that the real run leaves out, and does not fail the step', async () => {
    const { azure, context, ids, dryRun } = two();
    const bare = azure.addVm({ name: 'bare-01', resourceGroup: 'rg-bare' });
    const ran = await dryRun('continue', `${bare.id}\n${ids}`);
    assert.deepEqual(ran.codes, []);
    assert.deepEqual(marksOf(ran, 'bare-01').slice(0, 3), [
      'Policy: warning',
      'Ports: not checked',
      'Duration: not checked',
    ]);
    assert.ok(ran.checks.every(({ mark, text }) => mark !== 'would fail' && !text.includes('step would')));
    const [warning = '', ...more] = context.texts('warning');
    assert.ok(warning.includes('bare-01') && warning.includes('JIT401'), warning);
    assert.deepEqual(more, []);
    assert.ok(ran.issue?.includes('2 ports'), ran.issue);
    assert.ok(!context.texts('line').some((line) => line.includes('policy allows the request')));
    assert.deepEqual((await dryRun('fail', `${bare.id}\n${ids}`)).codes, ['JIT401']);
  });

  it('warns of each problem that keeps one VM from being opened, as the real run does', async () => {
    for (const [code, arrange] of [
      [
        'JIT702',
        ({ azure, vms }) => {
          if (vms[0]) azure.addAdminRule(vms[0], NO_SSH);
        },
      ],
      [
        'JIT406',
        ({ azure, vms }) => {
          if (vms[0]) azure.removeVm(vms[0]);
        },
      ],
      [
        'JIT602',
        ({ azure }) => {
          azure.next('policies.list', serverError('x', 503, 'y'));
        },
      ],
    ] as readonly (readonly [string, (given: ReturnType<typeof two>) => void])[]) {
      const dry = two();
      arrange(dry);
      const ran = await dry.dryRun('continue');
      const [warning = '', ...more] = dry.context.texts('warning');
      assert.deepEqual([ran.codes, more, warning.includes(code)], [[], [], true], code);
      assert.ok(ran.checks.every(({ mark }) => mark !== 'would fail'));
      assert.ok(ran.issue !== undefined);

      const real = two();
      arrange(real);
      const { codes, endpoints } = await real.run({
        vmResourceId: real.ids,
        ports: '22',
        onPartial: 'continue',
      });
      assert.deepEqual(codes, [code]);
      assert.equal(endpoints.filter(({ status }) => status === 'open').length, 1);
      assert.deepEqual((await dry.dryRun('fail')).codes.length, code === 'JIT602' ? 0 : 1);
    }
  });

  it('warns of a request that Azure refuses because a right is missing, unless it refuses every request', async () => {
    const { azure, vms, context, dryRun } = two();
    const { principal } = azure;
    const granted = principal.permissions;
    principal.forbid(INITIATE);
    principal.permissions = [
      ...principal.permissions,
      { actions: [INITIATE], scope: groupIdOf(vms[1]?.id ?? '') },
    ];
    const ran = await dryRun('continue');
    assert.deepEqual(ran.codes, []);
    const warnings = context.texts('warning').filter((text) => text.includes('JIT301'));
    assert.ok(warnings.length === 1 && warnings[0]?.includes('vm-00000'), warnings.join());
    principal.permissions = granted;
    principal.forbid(INITIATE);
    assert.deepEqual((await dryRun('continue')).codes, ['JIT301']);
  });

  it('fails if nothing would be open, with the code of the real run', async () => {
    const { azure, vms, run, ids, dryRun } = two();
    const bare = azure.addVm({ name: 'bare-01', resourceGroup: 'rg-bare' });
    for (const vm of vms) azure.addAdminRule(vm, NO_SSH);
    const vmResourceId = `${bare.id}\n${ids}`;
    const dry = await dryRun('continue', vmResourceId);
    assert.deepEqual(dry.codes, ['JIT401']);
    assert.ok(dry.thrown?.message.includes('JIT702'), dry.thrown?.message);
    assert.ok(dry.checks.some(({ mark }) => mark === 'would fail'));
    const real = await run({ vmResourceId, ports: '22', onPartial: 'continue', waitTimeout: '20s' });
    assert.equal(real.codes[0], 'JIT401');
  });

  it('is like any other dry run if everything would be open', async () => {
    const { context, dryRun } = two();
    const ran = await dryRun('continue');
    assert.deepEqual([ran.codes, ran.issue, context.texts('warning')], [[], undefined, []]);
    assert.ok(context.texts('line').some((line) => line.includes('policy allows the request')));
  });
});
