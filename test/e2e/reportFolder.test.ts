import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { assertFailed, usePackagedTask, warningsOf } from '../support/packagedTask';
import { REPORT_TASK } from '../support/reportRun';

describe('the files of a report', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);
  const names = ['jit-report.html', 'jit-report.json', 'jit-requests.csv', 'jit-windows.svg'];

  it('are written to the staging folder, or to the given one', async () => {
    const step = await task.prepare();
    const usual = await step.run();
    assert.deepEqual(readdirSync(path.dirname(usual.outputs['reportPath'] ?? '')).toSorted(), names);
    const named = await step.run({ outputFolder: 'reports/jit' });
    const file = named.outputs['reportPath'] ?? '';
    assert.ok(path.isAbsolute(file) && file.endsWith(path.join('reports', 'jit', 'jit-report.json')), file);
    assert.ok(existsSync(file));
  });

  it('cannot be written where a file has the name of the folder', async () => {
    const step = await task.prepare();
    const first = await step.run();
    const run = await step.run({ outputFolder: `${first.outputs['reportPath'] ?? ''}/below` });
    assertFailed(run, 'JIT423', path.join('jit-report.json', 'below'));
    assert.deepEqual(warningsOf(run), []);
  });
});
