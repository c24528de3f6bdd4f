import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtVsix } from '../support/agent/builtPackage';
import { nodeFor } from '../support/agent/node';
import { unpack } from '../support/agent/unpack';

describe('the package below a folder with a package.json that declares ES modules', () => {
  let folder = '';
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'surroundings-'));
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await unpack(builtVsix(), path.join(folder, 'tasks'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const handler of ['Node20_1', 'Node24'] as const) {
    it(`runs as usual on ${handler}`, () => {
      const start = (task: string, file: string) =>
        spawnSync(nodeFor(handler), [path.join(folder, `tasks/tasks/${task}/${task}V1`, file)], {
          cwd: folder,
          encoding: 'utf8',
          env: { AGENT_TEMPDIRECTORY: folder },
        });
      for (const task of ['JitOpenPorts', 'JitConfigurePolicy', 'JitReport']) {
        const { status, stdout } = start(task, 'index.js');
        assert.equal(status, 0);
        // It was started without inputs.
        assert.match(stdout, /\n##vso\[task\.complete result=Failed;\]JIT101: /);
      }
      const { status, stdout, stderr } = start('JitOpenPorts', 'post.js');
      assert.deepEqual([status, stdout, stderr], [0, '', '']);
    });
  }
});
