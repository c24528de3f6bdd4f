import assert from 'node:assert/strict';
import { readCancelTimes, type CancelTimes } from '../../support/agent/cancelTimes';
import { itWithSignals, itWithTerm } from '../../support/agent/signals';
import { useToyAgents } from '../../support/agent/toyTask';
import { createVariables } from '../../support/agent/variables';

const toy = useToyAgents();

describe('a canceled step', () => {
  itWithSignals('receives SIGINT first, and is canceled regardless of its result', async () => {
    const agent = await toy(`setInterval(() => {}, 1000);
      process.on('SIGINT', () => { say('##vso[task.complete result=Succeeded;]'); process.exit(0); }); say('ready');`);
    const step = agent.start({});
    await step.waitForLine(/ready/);
    step.cancel();
    const run = await step.finished;
    assert.deepEqual([run.result, run.reported, run.exitCode], ['Canceled', 'Succeeded', 0]);
  });

  itWithSignals('is killed at the end', async () => {
    const agent =
      await toy(`setInterval(() => {}, 1000); process.on('SIGTERM', () => say('no')); process.on('SIGINT', () => {});
      say('ready');`);
    const step = agent.start({ cancelTimes: { interruptMs: 50, terminateMs: 50 } });
    await step.waitForLine(/ready/);
    step.cancel();
    const run = await step.finished;
    assert.deepEqual([run.result, run.signal], ['Canceled', 'SIGKILL']);
  });

  it('uses the time limits from variables, or otherwise from the environment, or otherwise the defaults', () => {
    const times = (set: Record<string, string>, own = {}): CancelTimes =>
      readCancelTimes(createVariables(set), own);
    assert.deepEqual(times({}), { interruptMs: 7500, terminateMs: 2500 });
    const own = { PROCESS_SIGINT_TIMEOUT: '20000', PROCESS_SIGTERM_TIMEOUT: '9000' };
    assert.deepEqual(times({}, own), { interruptMs: 20_000, terminateMs: 9000 });
    assert.deepEqual(times({ process_sigint_timeout: '40' }, own), { interruptMs: 40, terminateMs: 9000 });
  });

  itWithTerm('is killed after the time limits from pipeline variables', async () => {
    const agent = await toy(`setInterval(() => {}, 1000); process.on('SIGINT', () => say('first'));
      process.on('SIGTERM', () => say('second')); say('ready');`);
    const step = agent.start({
      variables: { PROCESS_SIGINT_TIMEOUT: '300', PROCESS_SIGTERM_TIMEOUT: '300' },
    });
    await step.waitForLine(/ready/);
    step.cancel();
    const run = await step.finished;
    assert.deepEqual([run.log, run.signal], [['ready', 'first', 'second'], 'SIGKILL']);
  });

  it('reports to a waiting test that the task ended without the expected line', async () => {
    const agent = await toy(`say('other')`);
    await assert.rejects(agent.start({}).waitForLine(/ready/), /ended without a line/);
  });
});
