import assert from 'node:assert/strict';
import type { RunDocument } from '../../../tasks/shared/document/document';
import { findLatest } from '../../../web/read/latest';
import type { Missing } from '../../../web/read/load';
import { aReport } from '../../support/report/reports';

const DAMAGED: Missing = { name: 'damaged', reason: 'damaged' };
const LOST: Missing = { name: 'lost', trouble: 'busy' };
const at = (minute: number): string => new Date(Date.UTC(2026, 10, 20, 9, minute)).toISOString();

const document = (minute: number, content: RunDocument['content']): RunDocument => ({
  ...{ schemaVersion: '1.1', task: 'JitReport', writtenAt: at(minute), part: 'main', failure: null },
  step: { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: '', stepName: '' },
  ...{ content, cut: [] },
});
const reported = (minute: number): RunDocument =>
  document(minute, { kind: 'report', report: aReport({ generatedAt: at(minute) }) });
const other = document(0, { kind: 'none' });

/** Returns a run with these documents, and those that could not be read. */
const aRun = (documents: readonly RunDocument[], missing: readonly Missing[] = [], more = 0) => ({
  ...{ documents, missing, version: 1, total: documents.length + missing.length + more },
});
type Run = ReturnType<typeof aRun>;
const latestOf = async (...runs: readonly Run[]) => {
  const { found, ...rest } = await findLatest(runs, (run) => Promise.resolve(run));
  return { ...rest, ...(found && { at: [runs.indexOf(found.run), found.report.generatedAt] }) };
};

describe('the latest report of several runs', () => {
  it('is the last one of the latest run with a report', async () => {
    const runs = [aRun([other]), aRun([reported(5), reported(7), reported(6)]), aRun([reported(9)])];
    assert.deepEqual(await latestOf(...runs), { isWhole: true, at: [1, at(7)] });
  });

  it('is uncertain if a document of its run, or of a later one, could not be read', async () => {
    for (const [later, own] of [
      [aRun([], [DAMAGED]), aRun([reported(5)])],
      [aRun([other], [], 1), aRun([reported(5)])],
      [aRun([other]), aRun([reported(5)], [DAMAGED])],
    ] as const)
      assert.deepEqual(await latestOf(later, own), { isWhole: false, at: [1, at(5)] });
    const lost = await latestOf(aRun([other], [LOST]), aRun([reported(5)]));
    assert.deepEqual(lost, { isWhole: false, trouble: 'busy', at: [1, at(5)] });
  });

  it('is certain even if a document of an earlier run could not be read', async () => {
    assert.deepEqual(await latestOf(aRun([reported(5)]), aRun([], [LOST])), {
      ...{ isWhole: true, at: [0, at(5)] },
    });
  });

  it('is undefined without a report, with the first reason for a missing document', async () => {
    assert.deepEqual(await latestOf(), { isWhole: true });
    assert.deepEqual(await latestOf(aRun([other])), { isWhole: true });
    assert.deepEqual(await latestOf(aRun([], [DAMAGED])), { isWhole: false });
    const slow: Missing = { name: 'lost', trouble: 'slow' };
    assert.deepEqual(await latestOf(aRun([], [DAMAGED, LOST]), aRun([other], [slow])), {
      ...{ isWhole: false, trouble: 'busy' },
    });
  });
});
