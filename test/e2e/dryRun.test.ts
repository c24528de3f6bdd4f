import assert from 'node:assert/strict';
import { DEFAULT_SUBSCRIPTION, type Kind } from '../support/azure';
import { LINKED, refusalFault } from '../support/azure/arm/refusals';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';
import type { Run } from '../support/agent/step';

/** Returns the check list on the run's page: topic, state, and text of each line. */
function checkListOf({ summaries }: Run): readonly (readonly string[])[] {
  assert.equal(summaries.length, 1, 'one summary');
  const [, , ...rows] = (summaries[0] ?? '').trimEnd().split('\n');
  return rows.map((row) => row.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
}

/** Returns the lines of the check list that are not ok, as `topic state`. */
const notOk = (run: Run): readonly string[] =>
  checkListOf(run)
    .filter(([, state]) => state !== 'ok')
    .map(([topic, state]) => `${topic ?? ''} ${state ?? ''}`);

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

describe('a dry run', () => {
  const task = usePackagedTask();

  it('requests nothing, and logs what would be requested', async () => {
    const step = await task.prepare();
    const run = await step.run({ dryRun: 'true', ports: '22,3389', duration: '30m' });
    assertSucceeded(run);
    assert.deepEqual(step.azure.callsTo('initiate'), []);
    assert.deepEqual(step.policy.liveGrants(), []);
    assert.deepEqual(run.outputs, {});
    const hour = new Date(step.azure.now() + 30 * 60_000).toISOString().slice(0, 13).replace('T', ' ');
    for (const port of ['22', '3389']) {
      const line = run.log.find(
        (text) => text.includes(`web-01, port ${port},`) && text.includes('20.61.99.7'),
      );
      assertNames(line ?? '', hour);
    }
    assert.equal(run.progress.at(-1)?.percent, 100);
  });

  it('logs which active request would be reused', async () => {
    const step = await task.prepare();
    assertSucceeded(await step.run());
    const run = await step.run({ dryRun: 'true' });
    assertSucceeded(run);
    assert.equal(step.azure.callsTo('initiate').length, 1);
    assert.ok(run.log.some((line) => line.includes('web-01, port 22') && line.includes('20.61.99.7')));
  });

  it('fails if the real run would fail because the right to request is missing', async () => {
    const step = await task.prepare();
    const action = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';
    step.principal.forbid(action);
    const [dry, real] = await Promise.all([step.run({ dryRun: 'true' }), step.run()]);
    assertFailed(real, 'JIT301', action);
    assertFailed(dry, 'JIT301', action);
  });

  it('shows a check list in which everything is ok', async () => {
    const step = await task.prepare();
    const run = await step.run({ dryRun: 'true', closeAtJobEnd: 'true' });
    assertSucceeded(run);
    assert.deepEqual([notOk(run), warningsOf(run)], [['Rights not checked'], []]);
    const topics = new Set(checkListOf(run).map(([topic]) => topic));
    for (const topic of ['Connection', 'Source', 'Policy', 'VM', 'Request', 'Rules now', 'Wait', 'Closing'])
      assert.ok(topics.has(topic), topic);
    assertNames(run.summaries.join(), step.principal.tenantId, 'web-01', 'jit-web', '20.61.99.7');
    for (const [topic, state, text] of checkListOf(run).slice(0, 3)) {
      const words = (text ?? '').replace(/&#\d+;/g, '');
      const line = run.log.find((one) => one.replace(/[:]/g, '').includes(words.slice(0, 30)));
      assertNames(line ?? '', topic ?? '', state ?? '');
    }
    assert.equal(step.azure.callsTo('permissions').length, 1);
  });

  const missing: readonly (readonly [action: string, state: string, code?: string])[] = [
    [`${JIT}/read`, 'would fail', 'JIT301'],
    [`${JIT}/initiate/action`, 'would fail', 'JIT301'],
    ['Microsoft.Compute/virtualMachines/read', 'would fail', 'JIT301'],
    ['Microsoft.Compute/virtualMachines/write', 'info'],
    ['Microsoft.Network/networkInterfaces/read', 'missing'],
    ['Microsoft.Network/publicIPAddresses/read', 'missing'],
    ['Microsoft.Network/virtualNetworks/subnets/read', 'missing'],
    ['Microsoft.Network/networkSecurityGroups/read', 'missing'],
    ['Microsoft.Network/networkSecurityGroups/securityRules/delete', 'missing'],
  ];
  for (const [action, state, code] of missing) {
    it(`marks ${action} as ${state} if no role grants it`, async () => {
      const step = await task.prepare();
      step.principal.forbid(action);
      const run = await step.run({ dryRun: 'true', closeAtJobEnd: 'true' });
      if (code === undefined) assertSucceeded(run);
      else assertFailed(run, code, action);
      const lines = checkListOf(run).filter(([, , text]) => text?.startsWith(`${action} `));
      assert.ok(
        lines.some((line) => line[1] === state),
        lines.join('\n'),
      );
      if (state === 'missing') assertWarns(run, action);
      else assert.deepEqual(warningsOf(run), []);
      assert.deepEqual(step.azure.callsTo('initiate'), []);
    });
  }

  const LOOKS: Readonly<Record<string, readonly Kind[]>> = {
    'the network': ['vm', 'nic', 'subnet', 'publicIp'],
    'the rules': ['nsg'],
  };
  for (const [what, kinds] of Object.entries(LOOKS)) {
    it(`warns, as the real run does, if Azure refuses ${what} for a reason other than a missing right to read`, async () => {
      const codes = [
        'NoRegisteredProviderFound',
        'LinkedAuthorizationFailed',
        'DenyAssignmentAuthorizationFailed',
      ] as const;
      for (const kind of kinds) {
        for (const code of codes) {
          const step = await task.prepare();
          const call = { action: 'Microsoft.Network/x/read', scope: step.vm.id };
          step.azure.faults.always(kind, refusalFault(code, call));
          const run = await step.run({ dryRun: 'true' });
          assertSucceeded(run);
          const said = code === 'LinkedAuthorizationFailed' ? LINKED.action : code;
          assertWarns(run, 'cannot be read', said);
          assert.equal(warningsOf(run).length, 1);
        }
      }
    });
  }

  it('reports that a condition might be why a right is missing', async () => {
    const action = 'Microsoft.Compute/virtualMachines/read';
    const step = await task.prepare();
    step.azure.faults.always('vm', refusalFault('AuthorizationFailed', { action, scope: step.vm.id }));
    assertFailed(await step.run({ dryRun: 'true' }), 'JIT301', action, 'condition');
    const rules = await task.prepare();
    const read = 'Microsoft.Network/networkSecurityGroups/read';
    rules.azure.faults.always(
      'nsg',
      refusalFault('AuthorizationFailed', { action: read, scope: rules.vm.id }),
    );
    assertWarns(await rules.run({ dryRun: 'true' }), read, 'condition');
  });

  it('reports once that nothing could be looked up if the identity has no role here', async () => {
    const step = await task.prepare();
    step.principal.permissions = [];
    const [run, real] = await Promise.all([
      step.run({ dryRun: 'true', closeAtJobEnd: 'true' }),
      step.run({ closeAtJobEnd: 'true' }),
    ]);
    assertFailed(real, 'JIT301');
    const group = `/subscriptions/${DEFAULT_SUBSCRIPTION}/resourceGroups/rg-app`;
    assertFailed(run, 'JIT301', `${JIT}/read`, group);
    assert.deepEqual([notOk(run), warningsOf(run)], [['Rights would fail'], []]);
    const said = run.log.filter((line) => line.includes('Nothing could be looked up'));
    assert.deepEqual(
      said.map((line) => line.startsWith('##[error]')),
      [false, true],
      'the line of the check list, and the error of the step',
    );
    assert.equal(run.log.filter((line) => line.includes('Microsoft.')).length, 2);
  });

  it('reports that rights are not known without the right to query them', async () => {
    const step = await task.prepare();
    step.principal.forbid('Microsoft.Authorization/permissions/read');
    const run = await step.run({ dryRun: 'true' });
    assertSucceeded(run);
    assertWarns(run, `${JIT}/initiate/action`, 'Microsoft.Authorization/permissions/read');
    assert.ok(notOk(run).every((line) => line === 'Rights not checked'));
  });

  it('finds rights on several pages, and from a role on the resource only', async () => {
    const step = await task.prepare();
    const { principal, policy, azure } = step;
    const reads = ['Microsoft.Network/*/read', 'Microsoft.Compute/*/read', `${JIT}/read`];
    principal.permissions = [
      ...reads.map((action) => ({ actions: [action] })),
      { actions: ['Microsoft.Authorization/permissions/read'] },
      { actions: [`${JIT}/initiate/action`], scope: policy.id },
    ];
    assertSucceeded(await step.run({ dryRun: 'true' }));
    assert.ok(azure.callsTo('permissions').length > 2);
  });

  it('shows on failure what was checked, and where a run would stop', async () => {
    const step = await task.prepare();
    step.principal.forbid(`${JIT}/initiate/action`);
    const run = await step.run({ dryRun: 'true', ports: '8080', duration: '5h' });
    assertFailed(run, 'JIT402', '8080');
    const marks = notOk(run);
    for (const line of ['Ports would fail', 'Request not checked', 'Rights would fail'])
      assert.ok(marks.includes(line), marks.join());
    assert.ok(checkListOf(run).some(([topic, state]) => topic === 'Policy' && state === 'ok'));
  });

  it('shows the point of failure for a connection that cannot be used or cannot sign in', async () => {
    const [unfit, refused] = await Promise.all([task.prepare(), task.prepare()]);
    refused.principal.secret = 'another';
    const connections = { 'my-connection': { ...unfit.connection, scheme: 'PublishProfile' } };
    const [none, denied] = await Promise.all([
      unfit.run({ dryRun: 'true' }, { connections }),
      refused.run({ dryRun: 'true' }),
    ]);
    assertFailed(none, 'JIT201');
    assertFailed(denied, 'JIT202');
    for (const run of [none, denied]) {
      assert.equal(notOk(run)[0], 'Connection would fail');
      assert.equal(notOk(run).filter((line) => line.endsWith('would fail')).length, 1);
    }
  });

  it('shortens the list of many VMs, with a count', async () => {
    const step = await task.prepare();
    const vms = Array.from({ length: 20 }, (_, index) => step.azure.addVm({ name: `many-${String(index)}` }));
    const [rule] = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' } as const];
    step.azure.addPolicy({ name: 'many', vms: vms.map((vm) => ({ vm, ports: [rule] })) });
    const ids = [step.vm, ...vms].map(({ id }) => id).join('\n');
    const run = await step.run({ dryRun: 'true', vmResourceId: ids });
    assertSucceeded(run);
    const lines = checkListOf(run).filter(([topic]) => topic === 'VM');
    assert.equal(lines.length, 12);
    // The first line says that none of these VMs has a public address.
    assert.deepEqual([lines[0]?.[1], lines[1]?.[1]], ['warning', 'ok']);
    assertNames(lines.at(-1)?.[2] ?? '', '11 more ok');
  });
});
