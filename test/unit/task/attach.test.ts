import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Content } from '../../../tasks/shared/document/document';
import { CodedError } from '../../../tasks/shared/core/errors';
import { attachDocument } from '../../../tasks/shared/task/attach';
import { runStep } from '../../../tasks/shared/task/step';
import { parseAttached } from '../../support/attachments';
import { createFakeHost } from '../../support/fakes/fakeHost';

const JOB = '12f1170f-54f2-53f3-20dd-22fc7dff55f9';
const STEP = '5f9c2e0a-4ad8-5e6c-9d3a-1bb1f6d0c111';

describe('attaching the document of a step', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'attach-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const given = (more: Readonly<Record<string, string>> = {}) => ({
    variables: {
      ...{ 'Agent.TempDirectory': folder, 'System.JobId': JOB, 'System.TaskInstanceId': STEP },
      ...{ 'System.JobAttempt': '2', 'System.JobDisplayName': 'Deploy', 'System.TaskDisplayName': 'Open' },
      ...more,
    },
  });
  const nothing = (): Content => ({ kind: 'none' });
  const told = { task: 'JitOpenPorts', part: 'main', content: nothing, failure: undefined } as const;

  it('writes a file with job, step, and attempt, and includes them in the name of the attachment', () => {
    const { host, record } = createFakeHost(given());
    attachDocument(host, told);
    const [attached] = record.attachments;
    assert.equal(attached?.type, 'jit-vm-access');
    assert.ok(attached.name.startsWith(`${JOB}_2_${STEP}_main_`), attached.name);
    const document = parseAttached(readFileSync(attached.file, 'utf8'));
    assert.equal(document.writtenAt, '2026-11-20T09:30:00.000Z');
    assert.deepEqual(document.step, {
      ...{ jobId: JOB, jobAttempt: 2, stepId: STEP, jobName: 'Deploy', stepName: 'Open' },
    });
  });

  it('uses a different name for another job of a matrix, attempt, step, or part', async () => {
    const { host, record } = createFakeHost(given());
    attachDocument(host, told);
    await host.clock.sleep(1000, new AbortController().signal);
    attachDocument(host, told);
    attachDocument(host, { ...told, part: 'postJob' });
    for (const more of [
      { 'System.JobId': 'b' },
      { 'System.JobAttempt': '3' },
      { 'System.TaskInstanceId': 'c' },
    ]) {
      const other = createFakeHost(given(more));
      attachDocument(other.host, told);
      record.attachments.push(...other.record.attachments);
    }
    const names = record.attachments.map(({ name }) => name);
    assert.equal(new Set(names).size, 6, names.join('\n'));
  });

  it('counts an attempt that the agent does not name as the first one', () => {
    const { host, record } = createFakeHost(given({ 'System.JobAttempt': '' }));
    attachDocument(host, told);
    const document = parseAttached(readFileSync(record.attachments[0]?.file ?? '', 'utf8'));
    assert.equal(document.step.jobAttempt, 1);
  });

  it('uses only characters that are valid in a file name', () => {
    const { host, record } = createFakeHost(given({ 'System.JobId': '../a b;c]d/"e\n' }));
    attachDocument(host, told);
    assert.match(record.attachments[0]?.name ?? '', /^abcde_2_[\w-]+$/);
  });

  it('precedes the result of a step, failed or not, and includes the failure', async () => {
    for (const failure of [undefined, new CodedError({ code: 'JIT406', seen: 'Seen.', remedy: 'Do.' })]) {
      const { host, record } = createFakeHost(given());
      const order: string[] = [];
      await runStep(
        {
          ...host,
          attach: (...named) => {
            order.push('attach');
            host.attach(...named);
          },
          setResult: () => void order.push('result'),
        },
        {
          ...{ task: 'JitReport', content: nothing, leftOpen: () => '' },
          work: () => (failure ? Promise.reject(failure) : Promise.resolve(undefined)),
        },
      );
      assert.deepEqual(order, ['attach', 'result']);
      const document = parseAttached(readFileSync(record.attachments[0]?.file ?? '', 'utf8'));
      assert.deepEqual(document.failure, failure ? { code: 'JIT406', seen: 'Seen.', remedy: 'Do.' } : null);
    }
  });

  it('warns if the file cannot be created or written, and keeps the result of the step', async () => {
    const broken = (): Content => {
      throw new TypeError('broken');
    };
    for (const [variables, content] of [
      [given({ 'Agent.TempDirectory': '' }), nothing],
      [given({ 'Agent.TempDirectory': path.join(folder, 'none') }), nothing],
      [given(), broken],
    ] as const) {
      const { host, record } = createFakeHost(variables);
      const work = () => Promise.resolve(undefined);
      await runStep(host, { task: 'JitReport', content, work, leftOpen: () => '' });
      assert.deepEqual([record.result, record.attachments, record.warnings.length], [null, [], 1]);
    }
  });

  it('is skipped in a classic release, which has no tab for it', () => {
    const { host, record } = createFakeHost(given({ 'System.HostType': 'release' }));
    attachDocument(host, told);
    assert.deepEqual([record.attachments, record.warnings], [[], []]);
  });
});
