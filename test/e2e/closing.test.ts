import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import { earlierUnreadable } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { itWithSignals } from '../support/agent/signals';
import type { Run } from '../support/agent/step';
import {
  assertFailed,
  assertSucceeded,
  assertWarns,
  closeAfter,
  onFirst,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';
import { anyPort } from '../support/scenario';

const CLOSE = { closeAtJobEnd: 'true' };

describe('the post-job step', () => {
  const task = usePackagedTask('Node24');
  const quiet = (run: Run): readonly string[] => run.log.filter((line) => !line.startsWith('##[debug]'));

  it('closes what the step opened, and verifies that the rules block the source', async () => {
    const prepared = await task.prepare();
    const run = await prepared.run(CLOSE);
    assert.equal(prepared.vm.nicNsg?.jitAllowRules().length, 1);
    prepared.azure.forget();
    const after = await closeAfter(prepared, run);
    assert.deepEqual(after.issues, []);
    assert.deepEqual(prepared.policy.liveGrants(), []);
    assert.deepEqual(prepared.vm.nicNsg.jitAllowRules(), []);
    assert.equal(prepared.azure.callsTo('initiate').length, 1);
    assert.ok(prepared.azure.callsTo('nsg').length >= 2, 'the rules were read back');
  });

  it('reports a VM as gone only if two responses agree', async () => {
    const [alone, both] = await Promise.all([task.prepare(), task.prepare()]);
    const runs = await Promise.all([alone.run(CLOSE), both.run(CLOSE)]);
    alone.azure.faults.always('vm', { status: 404, code: 'ResourceNotFound', message: 'Not found.' });
    both.azure.removeVm(both.vm);
    const [open, gone] = await Promise.all([alone.after(runs[0]), both.after(runs[1])]);
    assertWarns(open, 'Not verified as closed: web-01, port 22', ' until ');
    assert.ok(!open.log.some((line) => line.includes('Gone:')));
    assert.deepEqual(gone.issues, []);
    assert.ok(gone.log.some((line) => line.includes('Gone:')));
  });

  it('ends its request even if reading the policy returns a 404 that the list contradicts', async () => {
    const prepared = await task.prepare();
    const run = await prepared.run(CLOSE);
    prepared.azure.faults.next('policy.get', { status: 404, code: 'PolicyNotFound', message: 'Not found.' });
    assert.deepEqual((await closeAfter(prepared, run)).issues, []);
    assert.deepEqual(prepared.policy.liveGrants(), []);
    assert.deepEqual(prepared.vm.nicNsg?.jitAllowRules(), []);
  });

  it('sends no further requests when it runs twice', async () => {
    const prepared = await task.prepare();
    const run = await prepared.run(CLOSE);
    await closeAfter(prepared, run);
    prepared.azure.forget();
    const again = await closeAfter(prepared, run);
    assert.deepEqual(again.issues, []);
    assert.deepEqual(prepared.azure.callsTo('initiate', 'rule.delete'), []);
  });

  it('logs nothing and calls nothing if the step never ran, requested nothing, or is not to be closed', async () => {
    const prepared = await task.prepare();
    const refused = await prepared.run({ ...CLOSE, ports: '8080' });
    const left = await prepared.run();
    prepared.azure.forget();
    for (const step of [prepared.step(CLOSE), refused, left]) {
      assert.deepEqual(quiet(await prepared.after(step)), []);
    }
    assert.deepEqual(prepared.azure.calls, []);
  });

  it('warns, without a call, if the saved state is damaged or from another version', async () => {
    const prepared = await task.prepare();
    const packed = `deflate:${deflateRawSync('{"version":1,"opened":[{}]}').toString('base64')}`;
    const states = [
      ...['{"version":1,"conn', '{"version":99}', '[]', '{"version":1,"opened":[{}]}'],
      ...['deflate:', 'deflate:!', packed, packed.slice(0, 20)],
    ];
    const afters = await Promise.all(
      states.map((state) => prepared.after(prepared.step(CLOSE, { taskVariables: { JIT_OPENED: state } }))),
    );
    for (const [index, { issues }] of afters.entries()) assert.equal(issues.length, 1, states[index]);
    assert.deepEqual(prepared.azure.calls, []);
  });

  it('closes more ports than fit in a variable', async () => {
    const ports = Array.from({ length: 60 }, (_, index) => anyPort(8000 + index));
    const prepared = await task.prepare({ ports, vm: { resourceGroup: 'rg-'.padEnd(90, 'x') } });
    const run = await prepared.run({ ...CLOSE, ports: 'all', waitFor: 'nothing' });
    assertSucceeded(run);
    const note = run.taskVariables['JIT_OPENED'] ?? '';
    // The maximum length of a variable of a process on Windows.
    assert.ok(note.length > 0 && note.length <= 32_767, `${note.length} characters`);
    const after = await closeAfter(prepared, run);
    assert.deepEqual(after.issues, []);
    assert.deepEqual(prepared.policy.liveGrants(), []);
  });

  it('closes what a later attempt opened, which warns that the saved state of an earlier one cannot be read', async () => {
    for (const [note, reason] of [
      ['{"version":1,"conn', 'damaged'],
      ['{"version":99}', 'another version'],
    ] as const) {
      const prepared = await task.prepare();
      const run = await prepared.run(CLOSE, { taskVariables: { JIT_OPENED: note } });
      assertSucceeded(run);
      assert.deepEqual(warningsOf(run), [earlierUnreadable(reason)]);
      assert.deepEqual((await closeAfter(prepared, run)).issues, []);
      assert.deepEqual(prepared.policy.liveGrants(), [], 'its own notes are good');
    }
  });

  itWithSignals('closes what a killed step requested before it received the response', async () => {
    const prepared = await task.prepare();
    prepared.azure.faults.always('initiate', 'lostAnswer');
    prepared.azure.faults.always('policy.get', 'hang');
    const killed = { interruptMs: 0, terminateMs: 0 };
    const running = prepared.start(CLOSE, { cancelTimes: killed });
    onFirst(prepared, 'policy.get', () => {
      running.cancel();
    });
    const run = await running.finished;
    assert.equal(run.signal, 'SIGKILL');
    assert.equal(prepared.policy.liveGrants().length, 1);
    prepared.azure.faults.clear();
    const after = await closeAfter(prepared, run);
    assert.deepEqual(after.issues, []);
    assert.deepEqual(prepared.policy.liveGrants(), []);
  });

  it('closes what an earlier attempt opened and a retry reused', async () => {
    const prepared = await task.prepare();
    const blocked = { name: 'in-the-way', priority: 90, access: 'Deny', destinationPorts: ['22'] } as const;
    prepared.vm.nicNsg?.addRule(blocked);
    const first = await prepared.run({ ...CLOSE, waitTimeout: '1s' });
    assertFailed(first, 'JIT702');
    prepared.vm.nicNsg?.removeRule('in-the-way');
    const second = await prepared.retry(first);
    assertSucceeded(second);
    assert.equal(prepared.azure.callsTo('initiate').length, 1, 'the second attempt asked for nothing');
    const after = await closeAfter(prepared, second);
    assert.deepEqual(after.issues, []);
    assert.deepEqual(prepared.policy.liveGrants(), []);
  });

  it("comes after a retry, which reuses the step's own request even if Azure chose the source", async () => {
    const prepared = await task.prepare();
    const first = await prepared.run({ sourceIp: 'azure' });
    const second = await prepared.retry(first);
    assertSucceeded(second);
    assert.equal(prepared.azure.callsTo('initiate').length, 1);
  });

  it('does not change a reused request of another run', async () => {
    const prepared = await task.prepare();
    const sources = [prepared.azure.settings.seenAddress];
    prepared.policy.requestByOther({ vm: prepared.vm, port: 22, sources, durationMs: 7_200_000 });
    const run = await prepared.run(CLOSE);
    assertSucceeded(run);
    prepared.azure.forget();
    assert.deepEqual(quiet(await prepared.after(run)), []);
    assert.deepEqual(prepared.azure.calls, []);
    assert.equal(prepared.policy.liveGrants().length, 1);
  });

  it('warns with VM, port, and end if nothing makes the rules block the source', async () => {
    const prepared = await task.prepare({ settings: { honoursEarlyEnd: false, supersession: 'none' } });
    const run = await prepared.run(CLOSE);
    prepared.principal.forbid(
      'Microsoft.Network/networkSecurityGroups/securityRules/delete',
      'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action',
    );
    const after = await closeAfter(prepared, run);
    const end = run.outputs['expiresAtUtc']?.slice(0, 19).replace('T', ' ') ?? '';
    assertWarns(after, 'web-01', '22', `${end} UTC`);
  });
});
