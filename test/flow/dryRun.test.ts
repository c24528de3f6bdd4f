import assert from 'node:assert/strict';
import { notReached, serverError, signInRefused, throttled } from '../../tasks/shared/messages/failures';
import type { CheckList, Mark, Topic } from '../../tasks/shared/core/checks';
import { ALL_ACTIONS } from '../support/azure/identity/principals';
import { aWorkflow, anyPort, type RawInputs, type Workflow } from './workflow';

const JIT = 'Microsoft.Security/locations/jitNetworkAccessPolicies';

/** Returns the marks of one topic, in order. */
const marks = (checks: CheckList, topic: Topic): readonly Mark[] =>
  checks.filter((check) => check.topic === topic).map(({ mark }) => mark);

const linesOn = (checks: CheckList, action: string): CheckList =>
  checks.filter(({ topic, text }) => topic === 'Rights' && text.startsWith(`${action} `));

const everywhere: readonly RawInputs[] = [
  {},
  { closeAtJobEnd: 'true' },
  { waitFor: 'request' },
  { waitFor: 'nothing', closeAtJobEnd: 'true' },
];

describe('a dry run', () => {
  it('finds that everything is as it should be, and changes nothing', async () => {
    const { run, context: context, ledger, policy } = aWorkflow();
    const { codes, checks } = await run({ dryRun: 'true', closeAtJobEnd: 'true', ports: '22,3389' });
    assert.deepEqual(codes, []);
    const bad = checks.filter(({ mark }) => mark !== 'ok').map(({ topic }) => topic);
    assert.deepEqual(bad, ['Rights'], 'only that a role is no proof');
    assert.deepEqual(context.texts('warning'), []);
    assert.deepEqual([ledger.open, policy.liveGrants()], [[], []]);
    for (const topic of [
      'Connection',
      'Source',
      'Policy',
      'VM',
      'Request',
      'Rules now',
      'Wait',
      'Closing',
    ] as const)
      assert.ok(marks(checks, topic).length > 0, topic);
  });

  for (const action of ALL_ACTIONS) {
    it(`ends as the real run does without ${action}`, async () => {
      for (const inputs of everywhere) {
        const [dry, real] = [aWorkflow(), aWorkflow()];
        for (const { azure } of [dry, real]) azure.principal.forbid(action);
        const expected = (await real.run(inputs)).codes;
        assert.deepEqual((await dry.run({ ...inputs, dryRun: 'true' })).codes, expected);
      }
    });
  }

  it('marks a missing right by what the run does without it', async () => {
    const { run, azure, context: context } = aWorkflow();
    const missing = [
      'Microsoft.Network/networkSecurityGroups/read',
      'Microsoft.Network/publicIPAddresses/read',
      'Microsoft.Network/networkSecurityGroups/securityRules/delete',
    ];
    azure.principal.forbid(...missing, 'Microsoft.Compute/virtualMachines/write', `${JIT}/initiate/action`);
    const { codes, checks } = await run({ dryRun: 'true', closeAtJobEnd: 'true' });
    assert.deepEqual(codes, ['JIT301']);
    for (const action of missing) {
      assert.deepEqual(linesOn(checks, action).map(({ mark }) => mark)[0], 'missing', action);
      assert.ok(context.texts('warning').some((text) => text.includes(action)));
    }
    const [perhaps] = linesOn(checks, 'Microsoft.Compute/virtualMachines/write');
    assert.deepEqual([perhaps?.mark, perhaps?.loud], ['info', undefined]);
    assert.equal(linesOn(checks, `${JIT}/initiate/action`)[0]?.mark, 'would fail');
  });

  it('requires no right to read rules that nothing waits for, and none to delete what stays open', async () => {
    const { run } = aWorkflow();
    const needed = async (inputs: RawInputs) =>
      (await run({ ...inputs, dryRun: 'true' })).checks
        .filter(({ topic }) => topic === 'Rights')
        .map(({ text }) => text.split(' ')[0]);
    const few = await needed({ waitFor: 'request' });
    assert.ok(!few.some((action) => action?.includes('networkSecurityGroups')), few.join(' '));
    const most = await needed({ waitFor: 'request', closeAtJobEnd: 'true' });
    // Closing reads the rules too.
    for (const right of ['read', 'securityRules/delete'])
      assert.ok(most.includes(`Microsoft.Network/networkSecurityGroups/${right}`), right);
    assert.ok(!(await needed({})).includes('Microsoft.Network/networkSecurityGroups/securityRules/delete'));
  });

  it('names the right to read the virtual network only if a rule depends on it', async () => {
    const action = 'Microsoft.Network/virtualNetworks/read';
    const { run, azure, vm } = aWorkflow();
    assert.deepEqual(linesOn((await run({ dryRun: 'true' })).checks, action), []);
    vm.nicNsg?.addRule({ name: 'inside', priority: 300, access: 'Deny', sources: ['VirtualNetwork'] });
    assert.deepEqual(linesOn((await run({ dryRun: 'true' })).checks, action)[0]?.mark, 'ok');
    azure.principal.forbid(action);
    assert.deepEqual(linesOn((await run({ dryRun: 'true' })).checks, action)[0]?.mark, 'missing');
  });

  it('reports once what affects several VMs', async () => {
    const { run, azure, vm } = aWorkflow();
    const other = azure.addVm({ name: 'other' });
    azure.principal.forbid(`${JIT}/read`);
    const { codes, checks } = await run({ dryRun: 'true', vmResourceId: `${vm.id}\n${other.id}` });
    assert.deepEqual([codes, marks(checks, 'Policy')], [['JIT301'], ['would fail']]);
    assert.deepEqual(marks(checks, 'Ports'), ['not checked']);
  });

  it('checks the permissions of a group once, however many VMs are in it', async () => {
    const { run, azure, vm, count } = aWorkflow();
    const others = ['a', 'b', 'c'].map((name) => azure.addVm({ name }));
    azure.addPolicy({ name: 'more', vms: others.map((one) => ({ vm: one, ports: [anyPort(22)] })) });
    const ids = [vm, ...others].map(({ id }) => id).join('\n');
    const { codes, checks } = await run({ dryRun: 'true', vmResourceId: ids, closeAtJobEnd: 'true' });
    assert.deepEqual(codes, []);
    assert.equal(count('permissions'), 1);
    // The others have no public address. Each has its own line that says so.
    assert.equal(marks(checks, 'VM').filter((mark) => mark === 'ok').length, 4);
  });

  it('reports for each VM what is wrong, and what was checked nevertheless', async () => {
    const { run, azure, vm, count } = aWorkflow({
      ports: [anyPort(22, { maxRequestAccessDuration: 'PT1H' })],
    });
    const free = azure.addVm({ name: 'free-01' });
    azure.principal.forbid(`${JIT}/initiate/action`);
    const { codes, checks } = await run({
      ...{ dryRun: 'true', vmResourceId: `${vm.id}\n${free.id}`, ports: '22,8080', duration: '2h' },
    });
    assert.deepEqual(codes, ['JIT403']);
    assert.deepEqual(marks(checks, 'Duration').slice(0, 1), ['would fail']);
    assert.deepEqual(marks(checks, 'Ports').slice(0, 1), ['would fail']);
    assert.deepEqual([...marks(checks, 'Policy')].sort(), ['ok', 'would fail']);
    assert.deepEqual(marks(checks, 'VM'), ['ok', 'ok']);
    assert.deepEqual(marks(checks, 'Request'), ['not checked']);
    assert.equal(linesOn(checks, `${JIT}/initiate/action`)[0]?.mark, 'would fail');
    assert.equal(count('initiate'), 0);
  });

  it('checks port and duration even if the public address of the agent could not be determined', async () => {
    const { run, context: context } = aWorkflow();
    context.services.direct = [undefined, undefined, undefined];
    const { codes, checks } = await run({ dryRun: 'true', ports: '8080' });
    assert.deepEqual(codes, ['JIT501']);
    assert.deepEqual([marks(checks, 'Source'), marks(checks, 'Ports')], [['would fail'], ['would fail']]);
  });

  it('sends no more queries to Azure after a refused sign-in, or without a response', async () => {
    const failures = [signInRefused('no'), notReached('Azure', 'silence')];
    const connection: Mark[] = [];
    for (const failure of failures) {
      const { run, azure, count } = aWorkflow();
      for (const kind of ['policies.list', 'vm'] as const) azure.always(kind, failure);
      const { codes, checks } = await run({ dryRun: 'true' });
      assert.deepEqual([codes, count('permissions')], [[failure.code], 0]);
      connection.push(...marks(checks, 'Connection'));
      assert.deepEqual(marks(checks, 'Rights'), ['not checked']);
    }
    assert.deepEqual(connection, ['would fail', 'not checked']);
  });

  it('names what blocks the source besides just-in-time access', async () => {
    const { run, vm } = aWorkflow();
    assert.deepEqual(marks((await run({ dryRun: 'true' })).checks, 'Rules now'), ['ok']);
    vm.nicNsg?.addRule({ name: 'closed', priority: 110, access: 'Deny', destinationPorts: ['22'] });
    const { codes, checks } = await run({ dryRun: 'true' });
    assert.deepEqual([codes, marks(checks, 'Rules now')], [[], ['warning']]);
    assert.ok(checks.some(({ topic, text }) => topic === 'Rules now' && text.includes('closed')));
  });

  it('fails as the real run does if no rule of a request could allow the source', async () => {
    const closed = { access: 'Deny', destinationPorts: ['22'] } as const;
    const block = ({ vm }: Workflow, ...priorities: readonly number[]) => {
      for (const priority of priorities)
        vm.nicNsg?.addRule({ ...closed, name: `closed-${String(priority)}`, priority });
    };
    const cases: readonly (readonly [
      string,
      Parameters<typeof aWorkflow>[0],
      (workflow: Workflow) => void,
    ])[] = [
      [
        'JIT702',
        {},
        (workflow) => {
          block(workflow, 100);
        },
      ],
      [
        'JIT702',
        {},
        (workflow) => {
          block(workflow, 101, 100);
        },
      ],
      [
        '',
        {},
        (workflow) => {
          block(workflow, 101);
        },
      ],
      ['JIT701', { vm: { nicNsg: false, subnetNsg: false } }, () => undefined],
    ];
    for (const [code, options, prepare] of cases) {
      for (const inputs of [{}, { waitFor: 'nothing', closeAtJobEnd: 'true' }]) {
        const [dry, real] = [aWorkflow(options), aWorkflow(options)];
        for (const workflow of [dry, real]) prepare(workflow);
        const { codes } = await real.run(inputs);
        assert.deepEqual(codes, code === '' || 'waitFor' in inputs ? [] : [code], `real ${code}`);
        assert.deepEqual((await dry.run({ ...inputs, dryRun: 'true' })).codes, codes, code);
      }
    }
  });

  it('fails with the first of several failures that the real run would meet', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, azure, vm } = aWorkflow();
      azure.always('policies.list', 'hang');
      const vmResourceId = vm.id.replace(vm.name, 'gone-01');
      assert.deepEqual((await run({ vmResourceId, dryRun })).codes, ['JIT406']);
    }
  });

  it('does not fail because of rules that only closing would read', async () => {
    for (const waitFor of ['nothing', 'request', 'rule']) {
      const [dry, real] = [aWorkflow(), aWorkflow()];
      for (const { azure } of [dry, real]) azure.always('subnet', serverError('x', 503, 'y'));
      const inputs = { waitFor, closeAtJobEnd: 'true' };
      const { codes } = await real.run(inputs);
      assert.deepEqual(codes, waitFor === 'rule' ? ['JIT602'] : []);
      assert.deepEqual((await dry.run({ ...inputs, dryRun: 'true' })).codes, codes);
    }
  });

  it('fails if reading the rules is permanently refused, but not if they might be readable later', async () => {
    for (const [failure, codes] of [
      [throttled('x', 'y'), ['JIT601']],
      [serverError('x', 503, 'y'), []],
    ] as const) {
      const { run, azure } = aWorkflow();
      azure.always('nsg', failure);
      assert.deepEqual((await run({ dryRun: 'true' })).codes, codes);
    }
  });

  it('has nothing to request, and requires no right to request, when an active request is sufficient', async () => {
    const { run, azure } = aWorkflow();
    assert.deepEqual((await run()).codes, []);
    azure.principal.forbid(`${JIT}/initiate/action`);
    const { codes, checks } = await run({ dryRun: 'true', closeAtJobEnd: 'true' });
    assert.deepEqual(codes, []);
    assert.deepEqual(linesOn(checks, `${JIT}/initiate/action`), []);
    assert.deepEqual(marks(checks, 'Rules now'), ['ok']);
  });
});
