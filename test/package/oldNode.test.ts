import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtVsix } from '../support/agent/builtPackage';
import { nodeFor } from '../support/agent/node';
import { unpack } from '../support/agent/unpack';

/** Makes Node report an old version, and removes newer functions, so that code that uses them fails. */
const DISGUISE = `
Object.defineProperty(process.versions, 'node', { value: '16.20.2' });
for (const name of ['findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with'])
  delete Array.prototype[name];
for (const name of ['fetch', 'structuredClone', 'FormData', 'Headers', 'Request', 'Response']) delete globalThis[name];
`;

describe('the package on an agent that falls back to Node 16', () => {
  let folder = '';
  let temporary = '';
  const start = (file: string, task = 'JitOpenPorts') =>
    spawnSync(
      nodeFor('Node20_1'),
      ['--require', path.join(folder, 'disguise.js'), path.join(folder, `tasks/${task}/${task}V1`, file)],
      { encoding: 'utf8', env: { AGENT_TEMPDIRECTORY: temporary } },
    );

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'old-node-'));
    await unpack(builtVsix(), folder);
    writeFileSync(path.join(folder, 'disguise.js'), DISGUISE);
    temporary = path.join(folder, 'temporary');
    mkdirSync(temporary);
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const task of ['JitOpenPorts', 'JitConfigurePolicy', 'JitReport']) {
    it(`reports in one sentence what is missing, and fails the step of ${task} by its result`, () => {
      const { status, stdout, stderr } = start('index.js', task);
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, /^##vso\[task\.issue type=error;\]JIT102: /);
      assert.match(stdout, /\n##vso\[task\.complete result=Failed;\]JIT102: /);
      assert.equal(stdout.trim().split('\n').length, 2);
      // It was the first action: the next one would create a file here.
      assert.deepEqual(readdirSync(temporary), []);
    });
  }

  it('does not fail the job in the post-job step', () => {
    const { status, stdout, stderr } = start('post.js');
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });
});
