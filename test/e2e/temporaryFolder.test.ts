import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileNotWritten, notAttached, summaryNotShown } from '../../tasks/shared/messages/outputs';
import { assertFailed, assertSucceeded, onFirst, usePackagedTask, warningsOf } from '../support/packagedTask';

describe("the agent's folder for temporary files", () => {
  const task = usePackagedTask();
  const configuring = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');
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
    it(`does not prevent a step from setting its result if it ${what}`, async () => {
      const step = await task.prepare();
      assertFailed(await step.run({ ports: 'wrong' }, inFolder(folder)), 'JIT101', 'wrong');
    });
  }

  for (const [name, of, lastCall, pathNames] of [
    ['JitOpenPorts', task, 'nsg', ['endpointsPath', 'inventoryPath']],
    ['JitConfigurePolicy', configuring, 'policy.put', ['diffPath']],
  ] as const) {
    it(`costs ${name} its summary, the files of its outputs, and the tab's document if it is deleted, with warnings`, async () => {
      const step = await of.prepare();
      const { id } = step.azure.addVm({ name: 'web-02' });
      onFirst(step, lastCall, () => {
        rmSync(root, { recursive: true });
      });
      const inputs = name === 'JitOpenPorts' ? {} : { vmResourceId: id };
      const run = await step.run(inputs, inFolder(''));
      assertSucceeded(run);
      assert.deepEqual(warningsOf(run), [
        ...pathNames.map((pathName) => fileNotWritten(pathName, 'ENOENT')),
        summaryNotShown('ENOENT'),
        notAttached('ENOENT'),
      ]);
      for (const pathName of pathNames) assert.equal(run.outputs[pathName], '');
      // The scripts are for bash, which not every Windows machine has.
      if (process.platform !== 'win32')
        assert.equal(await step.script(run, `console.log('$(jit.${pathNames[0]}).')`), '.\n');
      assert.deepEqual(run.summaries, []);
    });
  }
});
