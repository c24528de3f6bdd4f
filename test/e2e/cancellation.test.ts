import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describeWithSignals } from '../support/agent/signals';
import type { RunningStep, Run } from '../support/agent/step';
import { startTcp, type Fault, type Kind } from '../support/azure';
import {
  assertNames,
  closeAfter,
  onFirst,
  usePackagedTask,
  warningsOf,
  type PackagedStep,
} from '../support/packagedTask';
import { itWithSilence } from '../support/silence';

/**
 * An agent that waits two and a half seconds and then kills the process. A run that took longer has a signal and no
 * exit code.
 */
const SOON = { interruptMs: 2500, terminateMs: 0 };

describeWithSignals('a canceled run', () => {
  const task = usePackagedTask();

  /** Starts a step that is canceled as soon as Azure receives this call, with the fault that blocks the step there. */
  const cancelAt = (prepared: PackagedStep, kind: Kind, fault: Fault, inputs = {}): Promise<Run> => {
    prepared.azure.faults.always(kind, fault);
    onFirst(prepared, kind, () => {
      running.cancel();
    });
    const given = { waitFor: 'rule', waitTimeout: '50s', ...inputs };
    const running: RunningStep = prepared.start(given, { cancelTimes: SOON });
    return running.finished;
  };

  const assertCancelled = (run: Run, said: RegExp): void => {
    const log = run.log.join('\n');
    assert.equal(run.signal, null, `The agent had to kill it. ${log}`);
    assert.match(run.message, /^JIT801: /);
    assert.match(run.message, said);
    assert.doesNotMatch(run.rawStdout + run.rawStderr, /^\s+at .+:\d+/m);
  };

  const assertCloses = async (prepared: PackagedStep, run: Run): Promise<void> => {
    prepared.azure.faults.clear();
    assert.deepEqual((await closeAfter(prepared, run)).issues, []);
    assert.deepEqual(prepared.vm.nicNsg?.jitAllowRules(), []);
  };

  for (const [kind, options] of [
    ['openid', {}],
    ['token', {}],
    ['oidc', { kind: 'federation' }],
    ['imds', { kind: 'system-assigned identity' }],
    ['echo', {}],
    ['policies.list', {}],
    ['nic', {}],
  ] as const) {
    it(`ends within two seconds while it waits for ${kind}, and reports that it opened nothing`, async () => {
      const prepared = await task.prepare(options);
      assertCancelled(await cancelAt(prepared, kind, 'hang'), /opened nothing/);
      assert.deepEqual(prepared.azure.callsTo('initiate'), []);
    });
  }

  it('ends within two seconds during a pause that Azure requested', async () => {
    const prepared = await task.prepare();
    prepared.azure.faults.always('vm', { status: 429, retryAfterSeconds: 60 });
    const running = prepared.start({}, { cancelTimes: SOON });
    await running.waitForLine(/Trying again/);
    running.cancel();
    assertCancelled(await running.finished, /opened nothing/);
  });

  for (const [when, fault, active] of [
    ['before Azure carried it out', 'hang', 0],
    ['after Azure carried it out', { delayMs: 60_000 }, 1],
  ] as const) {
    it(`reports what might be open if its request was in progress, ${when}, and closing closes it`, async () => {
      const prepared = await task.prepare();
      const run = await cancelAt(prepared, 'initiate', fault, { closeAtJobEnd: 'true' });
      assertCancelled(run, /may be open: web-01, port 22, from 20\.61\.99\.7 until \d{4}-\d\d-\d\d /);
      assert.equal(prepared.policy.liveGrants().length, active);
      await assertCloses(prepared, run);
    });
  }

  it('reports what stays open, and until when, while it waits for the rule, and closing closes it', async () => {
    const prepared = await task.prepare({ settings: { ruleDelayMs: 3000 } });
    const run = await cancelAt(prepared, 'nsg', 'pass', { closeAtJobEnd: 'true' });
    const [grant] = prepared.policy.liveGrants();
    assert.ok(grant);
    const end = new Date(grant.endsAt).toISOString().slice(0, 19).replace('T', ' ');
    assertCancelled(run, new RegExp(`stays open: web-01, port 22, from 20\\.61\\.99\\.7 until ${end} UTC`));
    assert.deepEqual(run.outputs, {}, 'the wait was interrupted, so its outcome is unknown');
    await assertCloses(prepared, run);
  });

  it('reports what stays open while Azure does not respond to a read of the rules', async () => {
    const prepared = await task.prepare();
    assertCancelled(await cancelAt(prepared, 'nsg', 'hang'), /stays open: web-01, port 22/);
  });

  itWithSilence('says what stays open while it tries a connection', async () => {
    const target = await startTcp({ behaviour: 'silent' });
    try {
      const ports = [{ number: target.port, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' }];
      const prepared = await task.prepare({ ports });
      const inputs = { ports: String(target.port), waitFor: 'connection', probeHost: target.host };
      const run = await cancelAt(prepared, 'nsg', 'pass', inputs);
      assertCancelled(run, new RegExp(`stays open: web-01, port ${String(target.port)}, `));
    } finally {
      await target.close();
    }
  });

  it('also ends within two seconds after the job, and warns of what stays open', async () => {
    const prepared = await task.prepare();
    const step = await prepared.run({ closeAtJobEnd: 'true' }, { cancelTimes: SOON });
    prepared.azure.faults.always('policy.get', 'hang');
    onFirst(prepared, 'policy.get', () => {
      running.cancel();
    });
    const running = prepared.startAfter(step);
    const run = await running.finished;
    const [warning, ...more] = warningsOf(run);
    assertNames(warning ?? '', /web-01, port 22, .*until \d{4}-\d\d-\d\d /);
    assert.deepEqual(more, []);
  });

  it('sets one result if the agent sends a second signal', async () => {
    const prepared = await task.prepare();
    prepared.azure.faults.always('policies.list', 'hang');
    const cancelTimes = { interruptMs: 0, terminateMs: 2500 };
    onFirst(prepared, 'policies.list', () => {
      running.cancel();
    });
    const running: RunningStep = prepared.start({}, { cancelTimes });
    assertCancelled(await running.finished, /opened nothing/);
  });
});

describe('the signals of an agent that cancels', () => {
  // Ctrl-Break arrives as SIGBREAK on Windows only, so the test emits the event itself.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK']) {
    it(`end the run when the signal is ${name}`, () => {
      const module = path.resolve(__dirname, '../../tasks/shared/host/cancellation.ts');
      const program = `
        const { cancellationSignal } = require(${JSON.stringify(module)});
        process.emit('${name}');
        process.exitCode = cancellationSignal().aborted ? 42 : 1;`;
      const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program], {
        encoding: 'utf8',
      });
      assert.equal(status, 42, stderr);
    });
  }
});
