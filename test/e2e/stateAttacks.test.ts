import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parsePrefixes } from '../../tasks/shared/core/prefixes';
import { formatState } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import {
  closingStarts,
  earlierUnreadable,
  stateUnreadable,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import type { StepOptions } from '../support/agent/job';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  closeAfter,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';
import { anyPort } from '../support/scenario';
import { parseResourceId, parseVmId } from '../../tasks/shared/core/resourceIds';

const CLOSE = { closeAtJobEnd: 'true' };
const VARIABLE = 'VSTS_TASKVARIABLE_JIT_OPENED';
const HOUR_MS = 3_600_000;

/**
 * Returns a state that claims another run's request as this step's own, in the format that steps wrote before states
 * had a seal.
 */
function forge(step: PackagedStep): string {
  const sources = ['20.9.9.9'];
  step.policy.requestByOther({ vm: step.vm, port: 22, sources, durationMs: 2 * HOUR_MS });
  const theirs = step.policy.requests().find((request) => JSON.stringify(request).includes('20.9.9.9'));
  const [startedAt] = /(?<="startTimeUtc":")[^"]+/.exec(JSON.stringify(theirs)) ?? [];
  assert.ok(startedAt !== undefined);
  const vm = parseVmId(step.vm.id);
  const { name, subscriptionId, resourceGroup, names } = parseResourceId(step.policy.id) ?? assert.fail();
  assert.ok(vm);
  const policy = { id: step.policy.id, name, subscriptionId, resourceGroup, location: names[0] ?? '' };
  const opened = {
    ...{ vm, policy, port: 22, protocol: '*' as const, sources: parsePrefixes(sources) },
    endsAt: Date.now() + HOUR_MS,
  };
  return formatState({
    connectionId: step.connection.id ?? '',
    close: true,
    opened: [{ ...opened, startedAt, own: undefined, others: undefined }],
  });
}

describe('a state that this step did not write', () => {
  const task = usePackagedTask();
  const survives = (step: PackagedStep) => {
    assert.equal(step.policy.liveGrants().filter(({ sources }) => sources.includes('20.9.9.9')).length, 1);
    assert.equal(step.azure.callsTo('rule.delete').length, 0);
  };

  it("ends no other run's request if a variable contains it, whatever the result of the step", async () => {
    for (const inputs of [CLOSE, { ...CLOSE, dryRun: 'true' }, { ...CLOSE, ports: '8080' }, { ports: 'x' }]) {
      const step = await task.prepare();
      const variables = { [VARIABLE]: forge(step) };
      const run = await step.run({ sourceIp: '20.1.2.3', ...inputs }, { variables });
      assertWarns(run, VARIABLE);
      assert.ok(warningsOf(run).includes(earlierUnreadable('foreign')), 'the main step refuses it');
      const after = await closeAfter(step, run);
      assert.deepEqual(
        after.issues.filter(({ message }) => !message.includes(VARIABLE)),
        [],
      );
      survives(step);
    }
  });

  it('is reported, without any call, if the step itself was skipped', async () => {
    const step = await task.prepare();
    const state = forge(step);
    for (const given of [
      { variables: { [VARIABLE]: state } },
      { variables: { vsts_taskvariable_JIT_opened: { value: state, preserveCase: true } as const } },
      { taskVariables: { JIT_OPENED: state } },
    ]) {
      const after = await step.after(step.step(CLOSE, given));
      const hasVariable = Object.keys(given.variables ?? {})[0] === 'vsts_taskvariable_JIT_opened';
      assert.deepEqual(warningsOf(after), hasVariable ? [] : [stateUnreadable('foreign')]);
    }
    assert.deepEqual(step.azure.calls, []);
    survives(step);
  });

  it('is rejected if it is the real one of another job, plan, or step, or if it was changed', async () => {
    const step = await task.prepare();
    const own = await step.run(CLOSE);
    const note = own.taskVariables['JIT_OPENED'] ?? '';
    step.azure.forget();
    const replays: readonly (readonly [string, Partial<StepOptions>])[] = [
      [note, { variables: { 'System.PlanId': '00000000-0000-4000-8000-000000000001' } }],
      [note, { variables: { 'System.JobId': '00000000-0000-4000-8000-000000000001' } }],
      [note, { variables: { 'System.TaskInstanceId': '00000000-0000-4000-8000-000000000001' } }],
      [note, { systemToken: 'the-token-of-another-job' }],
      [note.replace('"port":22', '"port":23'), {}],
      [note.replace(/^sealed:[^:]*:/, ''), {}],
      [note.replace(/^sealed:[^:]*:/, 'sealed::'), {}],
    ];
    for (const [JIT_OPENED, more] of replays) {
      const after = await step.after(step.step(CLOSE, { ...more, taskVariables: { JIT_OPENED } }));
      assert.deepEqual(warningsOf(after), [stateUnreadable('foreign')]);
    }
    assert.deepEqual(step.azure.calls, []);
    assert.equal(step.policy.liveGrants().length, 1);
    // The control: in the same job, plan, and step, it is accepted.
    assert.deepEqual((await closeAfter(step, own)).issues, []);
    assert.deepEqual(step.policy.liveGrants(), []);
  });

  it('does not affect a retry, which keeps what its own seal proves', async () => {
    const step = await task.prepare();
    const inputs = { ...CLOSE, sourceIp: '20.1.2.3' };
    const run = await step.run(inputs);
    const variables = { 'vsts.taskvariable.jit_opened': forge(step) };
    const again = await step.run(inputs, { variables, taskVariables: run.taskVariables });
    assertSucceeded(again);
    assert.equal(warningsOf(again).length, 1);
    assertWarns(again, 'vsts.taskvariable.jit_opened');
    await closeAfter(step, again);
    survives(step);
    assert.equal(step.policy.liveGrants().length, 1, 'its own is closed');
  });

  it("is replaced immediately by the step's own, also after a dry run and after invalid inputs", async () => {
    const step = await task.prepare();
    for (const inputs of [{ dryRun: 'true' }, { ports: 'x' }, { duration: '25h' }]) {
      const run = await step.run(inputs);
      assert.match(run.taskVariables['JIT_OPENED'] ?? '', /^sealed:[\w-]{43}:.*"opened":\[\]/);
    }
  });
});

describe('a state that is too long for a variable', () => {
  const task = usePackagedTask();
  const manyVms = async () => {
    const step = await task.prepare();
    const ports = Array.from({ length: 40 }, (_, index) => anyPort(8000 + index));
    const vms = Array.from({ length: 40 }, (_, at) =>
      step.azure.addVm({
        name: `web-${String(Math.floor(Math.sin(at + 1) * 1e9))}`,
        resourceGroup: 'rg-many',
      }),
    );
    step.azure.addPolicy({ name: 'many', vms: vms.map((vm) => ({ vm, ports })) });
    const inputs = {
      ...CLOSE,
      vmResourceId: vms.map(({ id }) => id).join('\n'),
      ports: 'all',
      waitFor: 'nothing',
    };
    return { stage: step, inputs, run: await step.run(inputs) };
  };
  const noteFile = (run: { taskVariables: Readonly<Record<string, string>> }) =>
    /^sealed:[\w-]+:file:\w+:(.*)$/.exec(run.taskVariables['JIT_OPENED'] ?? '')?.[1];

  it('is in a file that only this user can access, and counts as damaged if the file is changed', async () => {
    const { stage: step, run } = await manyVms();
    assertSucceeded(run);
    const file = noteFile(run);
    assert.ok(file !== undefined, run.taskVariables['JIT_OPENED']?.slice(0, 200));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const opened = (JSON.parse(readFileSync(file, 'utf8')) as { opened: readonly unknown[] }).opened;
    assert.equal(opened.length, 1600);
    // Runs the post-job step of the same step. The outputs do not matter here.
    const after = () => step.after(step.step(CLOSE, { taskVariables: run.taskVariables }));
    step.principal.secretExpiresAt = 0;
    assert.ok((await after()).log.includes(closingStarts(1600)));
    step.azure.forget();
    writeFileSync(file, readFileSync(file, 'utf8').replace('8001', '8002'));
    assert.deepEqual(warningsOf(await after()), [stateUnreadable('damaged')]);
    rmSync(file);
    assert.deepEqual(warningsOf(await after()), [stateUnreadable('damaged')]);
    assert.deepEqual(step.azure.calls, []);
  }).timeout(120_000);
});

describe("the key file of the agent's library", () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'key-'));
    mkdirSync(path.join(root, 'temp'));
    writeFileSync(path.join(root, 'precious'), 'keep me');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  for (const [name, input] of [
    ['JitOpenPorts', 'ports'],
    ['JitConfigurePolicy', 'portRules'],
    ['JitReport', 'days'],
  ] as const) {
    const task = usePackagedTask('Node20_1', `tasks/${name}/${name}V1`);
    it(`is written by ${name} through no link, into no folder, and for this user alone`, async () => {
      const key = path.join(root, 'temp', '.taskkey');
      for (const place of [
        () => {
          symlinkSync(path.join(root, 'precious'), key);
        },
        () => {
          symlinkSync(path.join(root, 'not-there'), key);
        },
        () => mkdirSync(path.join(key, 'x'), { recursive: true }),
        () => undefined,
      ]) {
        rmSync(key, { recursive: true, force: true });
        place();
        const step = await task.prepare();
        const variables = { 'Agent.TempDirectory': path.join(root, 'temp') };
        const run = await step.run({ [input]: 'wrong' }, { variables });
        assertFailed(run, 'JIT101');
        assert.equal(readFileSync(path.join(root, 'precious'), 'utf8'), 'keep me');
        assert.ok(lstatSync(key).isFile() && !readdirSync(root).includes('not-there'));
        assert.equal(lstatSync(key).mode & 0o777, 0o600);
      }
    });
  }
});
