import assert from 'node:assert/strict';
import { stateUnusable } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import { runAfter } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/runAfter';
import { createFakeHost } from '../support/fakes/fakeHost';

describe('a saved state that the agent cannot return', () => {
  it('causes a warning, and neither fails nor ends the post-job step', async () => {
    const error = new TypeError('Invalid Version: x');
    const { host, record } = createFakeHost();
    await runAfter({
      ...host,
      readTaskVariable: () => {
        throw error;
      },
    });
    assert.deepEqual(record.warnings, [stateUnusable(error)]);
    assert.match(record.warnings.join(), /stays open until/);
    assert.equal(record.result, undefined);
  });
});
