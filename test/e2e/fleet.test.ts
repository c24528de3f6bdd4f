import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { documentOf } from '../support/attachments';
import { addFleet, byQuery, QUICK, unfolded } from '../support/fleet';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  assertWarns,
  endpointsOf,
  requestsOf,
  usePackagedTask,
  warningsOf,
  type Endpoint,
} from '../support/packagedTask';

const wholeOf = (file: string | undefined): readonly Endpoint[] =>
  JSON.parse(readFileSync(file ?? '', 'utf8')) as readonly Endpoint[];

describe('a fleet of five hundred VMs found by a query', () => {
  const task = usePackagedTask();

  it('is opened, logged by counts, passed on in files, and closed, with a number of calls that does not grow with the VMs', async function () {
    this.timeout(150_000);
    const step = await task.prepare(QUICK);
    addFleet(step, { count: 500, groups: 5 });
    const run = await step.run(byQuery({ closeAtJobEnd: 'true' }));
    assertSucceeded(run);
    const count = (kind: string, from = 0) =>
      step.azure.calls.slice(from).filter((call) => call.kind === kind).length;
    assert.deepEqual([count('policies.list'), count('initiate'), count('nsg')], [5, 5, 5]);
    assert.deepEqual([count('vm'), count('nic'), count('publicIp')], [0, 0, 0]);
    // 500 VMs of the fleet and one other VM in four lists, and the 500 VMs that the query finds.
    assert.equal(count('vms.list') + count('nics.list') + count('publicIps.list'), 4 * 6);
    assert.equal(count('vmQuery'), 5);
    assert.equal(
      step.azure.calls.length,
      5 * 2 + 5 + 4 * 6 + 5 + 5 /* subnets */ + 5 /* networks */ + 5 /* sign-in and address */,
    );

    const seen = unfolded(run.log);
    assert.ok(seen.length < 40, seen.join('\n'));
    assertNames(seen.join('\n'), '500 of 500 ports on 500 VMs');
    assert.ok(run.log.some((line) => line.startsWith('Open: vm-00499, port 22,')));
    const [summary = ''] = run.summaries;
    assert.equal(summary.split('\n').filter((line) => line.startsWith('| vm-')).length, 100);
    assertNames(summary, '100 of 500', 'endpointsPath');

    for (const value of Object.values(run.outputs)) assert.ok(value.length <= 30_000);
    const whole = wholeOf(run.outputs['endpointsPath']);
    assert.equal(whole.length, 500);
    assert.deepEqual(endpointsOf(run), whole.slice(0, endpointsOf(run).length));
    const inventory = parse(readFileSync(run.outputs['inventoryPath'] ?? '', 'utf8')) as {
      readonly all: { readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    };
    assert.equal(Object.keys(inventory.all.hosts).length, 500);
    assert.deepEqual(
      [inventory.all.hosts['vm-00300']?.['ansible_host'], inventory.all.hosts['vm-00300']?.['ansible_port']],
      ['20.50.1.44', 22],
    );
    const said = await step.script(
      run,
      `const { readFileSync } = require('node:fs');
       const all = JSON.parse(readFileSync(process.env.JIT_ENDPOINTSPATH, 'utf8'));
       console.log(all.length, readFileSync(process.env.JIT_INVENTORYPATH, 'utf8').includes('vm-00499'));`,
    );
    assert.equal(said.trim(), '500 true');

    const before = step.azure.calls.length;
    const after = await step.after(run);
    assert.deepEqual(warningsOf(after), []);
    assertNames(after.log.join('\n'), 'Closed: 500 of 500 ports');
    assert.ok(unfolded(after.log).length < 12, after.log.slice(0, 20).join('\n'));
    assert.equal(count('initiate', before), 5);
    assert.ok(count('policy.get', before) <= 5 * 4, String(count('policy.get', before)));
    assert.ok(count('nsg', before) <= 5 * 8, String(count('nsg', before)));
  });
});

describe('a fleet', () => {
  const task = usePackagedTask();

  it('is refused if the query finds more than maxVms, with the count and the first names', async () => {
    const step = await task.prepare(QUICK);
    addFleet(step, { count: 60 });
    const run = await step.run(byQuery({ maxVms: '' }));
    assertFailed(run, 'JIT101', 'maxVms', '60', '50', 'vm-00000', 'vm-00009');
    assert.ok(!run.message.includes('vm-00011'));
    assert.equal(requestsOf(step).length, 0);
    step.azure.addManyVms({
      count: 5001,
      each: (index) => ({ name: `x-${String(index)}`, tags: { fleet: 'a' }, nics: [] }),
    });
    assertFailed(await step.run(byQuery()), 'JIT101', '5061');
    assert.ok(step.azure.callsTo('vmQuery').length < 5, 'which only the first page is read for');
  });

  it('fails if it is empty, with the query as sent, or succeeds if that is allowed', async () => {
    const step = await task.prepare(QUICK);
    const none = { vmQuery: "tags.fleet == 'none'" };
    assertFailed(
      await step.run(byQuery(none)),
      'JIT406',
      "tags.fleet == 'none'",
      'microsoft.compute/virtualmachines',
    );
    const run = await step.run(byQuery({ ...none, allowEmpty: 'true', closeAtJobEnd: 'true' }));
    assertSucceeded(run);
    assert.deepEqual(endpointsOf(run), []);
    assert.deepEqual(wholeOf(run.outputs['endpointsPath']), []);
    assert.equal(requestsOf(step).length, 0);
    const after = await step.after(run);
    assert.deepEqual(after.log, []);
    assertSucceeded(await step.run(byQuery({ ...none, allowEmpty: 'true', dryRun: 'true' })));
  });

  it('is refused with an error of the query language in one sentence, with the position', async () => {
    const step = await task.prepare();
    const run = await step.run(byQuery({ vmQuery: "tags.fleet == 'a'\n  and name 'x'" }));
    assertFailed(run, 'JIT101', 'line 2, position 11', "'x'");
    assert.equal(run.message.split('\n').length, 1);
    const dry = await step.run(byQuery({ vmQuery: 'name', dryRun: 'true' }));
    assertFailed(dry, 'JIT101', 'vmQuery');
    const refused = await step.run(byQuery({ vmQuery: "name == 'a' | union resources" }));
    assertFailed(refused, 'JIT101', 'vmQuery', '|');
    assert.equal(step.azure.callsTo('vmQuery').length, 2);
  });

  it('is searched for in the given subscriptions, or in all that the identity can read if none are given', async () => {
    const step = await task.prepare(QUICK);
    const other = '22222222-2222-4333-8444-555555555555';
    addFleet(step, { count: 1 });
    addFleet(step, { count: 1, each: () => ({ name: 'far-away', subscriptionId: other }) });
    assert.equal(endpointsOf(await step.run(byQuery())).length, 2);
    const near = await step.run(byQuery({ subscriptions: other }));
    assert.deepEqual(
      endpointsOf(near).map(({ vmName }) => vmName),
      ['far-away'],
    );
    const unknown = await step.run(byQuery({ subscriptions: '33333333-2222-4333-8444-555555555555' }));
    assert.equal(unknown.result, 'Failed');
  });

  it('is opened without what cannot be opened if this is requested, with a report of the rest', async () => {
    const step = await task.prepare(QUICK);
    const vms = addFleet(step, { count: 6, groups: 2 });
    const [gone] = vms;
    assert.ok(gone);
    step.azure.removeVm(gone);
    step.azure.addVm({ name: 'bare', tags: { fleet: 'a' } });
    assertFailed(await step.run(byQuery()), 'JIT406', 'vm-00000');
    assert.equal(requestsOf(step).length, 0);
    const dry = await step.run(byQuery({ onPartial: 'continue', dryRun: 'true' }));
    assert.equal(dry.result, 'SucceededWithIssues', dry.log.join('\n'));
    assertWarns(dry, 'vm-00000', 'JIT406');
    assertWarns(dry, 'bare', 'JIT401');
    const run = await step.run(byQuery({ onPartial: 'continue', closeAtJobEnd: 'true' }));
    assert.equal(run.result, 'SucceededWithIssues', run.log.join('\n'));
    assert.equal(endpointsOf(run).length, 5);
    assertWarns(run, 'vm-00000', 'JIT406');
    assertWarns(run, 'bare', 'JIT401');
    assertWarns(run, '5 ports are open', 'onPartial');
    const [summary = ''] = run.summaries;
    assert.match(summary.split('\n')[2] ?? '', /not open/);
    const { content } = documentOf(run);
    assert.ok(content.kind === 'opened');
    assert.deepEqual(content.leftOut.map(({ vmName, port, code }) => [vmName, port, code]).toSorted(), [
      ['bare', null, 'JIT401'],
      ['vm-00000', null, 'JIT406'],
    ]);
    assert.equal(content.ports.length, 5);
    assert.deepEqual(warningsOf(await step.after(run)), []);
  });

  it('is opened while Azure throttles in the middle', async function () {
    this.timeout(60_000);
    const step = await task.prepare(QUICK);
    addFleet(step, { count: 30, groups: 3 });
    const throttled = { status: 429, retryAfterMs: 1 };
    for (const kind of ['vmQuery', 'policies.list', 'nics.list', 'subnet', 'initiate', 'nsg'] as const)
      step.azure.faults.next(kind, [throttled, throttled]);
    const run = await step.run(byQuery());
    assertSucceeded(run);
    assert.equal(endpointsOf(run).filter(({ status }) => status === 'open').length, 30);
  });

  it('is reported with what is open if it is canceled in the middle, and is closed', async function () {
    this.timeout(60_000);
    const step = await task.prepare({ settings: { ...QUICK.settings, ruleDelayMs: Infinity } });
    addFleet(step, { count: 40, groups: 4 });
    step.azure.faults.always((target) => {
      if (target.kind === 'nsg') running.cancel();
      return false;
    }, 'pass');
    const running = step.start(byQuery({ closeAtJobEnd: 'true' }), {
      cancelTimes: { interruptMs: 5000, terminateMs: 2500 },
    });
    const run = await running.finished;
    assert.equal(run.result, 'Canceled');
    assertNames(run.message, 'JIT801', ', port 22, from 20.61.99.7', '30 more');
    assert.ok(run.log.some((line) => line.includes('vm-00039, port 22')));
    const after = await step.after(run);
    assertNames(after.log.join('\n'), 'of 40 ports');
    assert.equal(step.azure.calls.filter(({ kind }) => kind === 'initiate').length, 8);
  });
});
