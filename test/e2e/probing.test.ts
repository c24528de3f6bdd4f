import assert from 'node:assert/strict';
import { startTcp, type TcpBehaviour, type TcpTarget } from '../support/azure';
import { anyPort } from '../support/scenario';
import {
  assertFailed,
  assertNames,
  assertSucceeded,
  endpointsOf,
  usePackagedTask,
} from '../support/packagedTask';
import { itWithSilence } from '../support/silence';

describe('waiting for a connection', () => {
  const task = usePackagedTask();
  const targets: TcpTarget[] = [];

  afterEach(() => Promise.all(targets.splice(0).map((target) => target.close())));

  /** Runs a step that waits for a server on this machine instead of the VM's port. */
  async function runAgainst(behaviour: TcpBehaviour, waitTimeout: string, ruleDelayMs = 0) {
    const target = await startTcp({ behaviour });
    targets.push(target);
    const step = await task.prepare({ ports: [anyPort(target.port)], settings: { ruleDelayMs } });
    const run = await step.run({
      ports: String(target.port),
      waitFor: 'connection',
      waitTimeout,
      probeHost: '127.0.0.1',
    });
    return { run, target, stage: step };
  }

  it('succeeds if the port answers, even if it refuses', async () => {
    const [open, refused, reset] = await Promise.all([
      runAgainst('accept', '20s'),
      runAgainst('refused', '20s'),
      runAgainst('reset', '20s'),
    ]);
    for (const { run } of [open, refused, reset]) {
      assertSucceeded(run);
      assert.equal(endpointsOf(run)[0]?.status, 'open');
      assert.equal(run.outputs['host'], '20.50.1.10');
    }
    assert.ok(open.target.connections() > 0);
    const linesAbout = ({ run, target }: typeof open) =>
      run.log.filter((line) => line.includes(String(target.port))).length;
    assert.equal(linesAbout(refused), linesAbout(open) + 1, 'one line says that nothing listens');
  });

  itWithSilence('fails if the port stays silent although the rules allow the source', async () => {
    const { run } = await runAgainst('silent', '1s');
    assertFailed(run, 'JIT704', 'web-01', '20.61.99.7');
    assertNames(run.summaries.join(), 'JIT704');
  });

  it('tries no connection before the rules allow the source', async () => {
    const { run, target } = await runAgainst('accept', '2s', Infinity);
    assertFailed(run, 'JIT701', '4096');
    assert.equal(target.connections(), 0);
  });
});
