import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { summaryNotShown } from '../../tasks/shared/messages/story';
import {
  assertFailed,
  assertSucceeded,
  endpointsOf,
  onFirst,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';

describe("the agent's folder for temporary files", () => {
  const task = usePackagedTask();
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'temporary-'));
    writeFileSync(path.join(root, 'file'), '');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const inFolder = (folder: string) => ({ variables: { 'Agent.TempDirectory': path.join(root, folder) } });

  for (const [what, folder] of [
    ['is missing', 'gone'],
    ['cannot be made', 'file/gone'],
  ] as const) {
    it(`does not keep a step from its result when it ${what}`, async () => {
      const stage = await task.stage();
      assertFailed(await stage.run({ ports: 'wrong' }, inFolder(folder)), 'JIT101', 'wrong');
    });
  }

  it('costs the summary and nothing else when it goes away during the run, and a warning says so', async () => {
    const stage = await task.stage();
    onFirst(stage, 'nsg', () => {
      rmSync(root, { recursive: true });
    });
    const run = await stage.run({}, inFolder(''));
    assertSucceeded(run);
    assert.deepEqual(warningsOf(run), [summaryNotShown('ENOENT')]);
    assert.deepEqual(run.summaries, []);
    assert.equal(endpointsOf(run)[0]?.status, 'open');
  });
});
