import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { assertFailed, usePackagedTask } from '../support/packagedTask';

/**
 * Sends the signal as soon as a listener for it exists, provided that only modules of Node and the first files of the
 * program were loaded before. SIGINT has its listener when the one for SIGTERM is added.
 */
const CANCEL_AT_ONCE = `
  const Module = require('node:module');
  const load = Module._load;
  let loaded = 0;
  Module._load = function (request, ...rest) {
    if (request !== process.argv[1] && !/^(?:node:|\\.\\/chunk-)/.test(request)) loaded++;
    return load.call(this, request, ...rest);
  };
  process.on('newListener', (name) => {
    if (name === 'SIGTERM' && loaded === 0) process.emit('SIGINT');
  });`;

describe('a signal that arrives before the run begins', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'early-'));
    writeFileSync(path.join(folder, 'cancel.js'), CANCEL_AT_ONCE);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const cancelled = () => ({ env: { NODE_OPTIONS: `--require ${path.join(folder, 'cancel.js')}` } });

  for (const name of ['JitOpenPorts', 'JitConfigurePolicy', 'JitReport']) {
    describe(name, () => {
      const task = usePackagedTask('Node20_1', `tasks/${name}/${name}V1`);

      it('ends the run with JIT801, without any call to Azure', async () => {
        const step = await task.prepare();
        assertFailed(await step.run({}, cancelled()), 'JIT801');
        assert.deepEqual(step.azure.calls, []);
      });
    });
  }
});
