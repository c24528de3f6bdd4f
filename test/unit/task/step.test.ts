import assert from 'node:assert/strict';
import { runAfterJob, runStep } from '../../../tasks/shared/task/step';
import type { Content } from '../../../tasks/shared/document/document';
import { CodedError } from '../../../tasks/shared/core/errors';
import { createFakeHost } from '../../support/fakes/fakeHost';

const never = (): Promise<undefined> => new Promise(() => undefined);
const aFailure = () => new CodedError({ code: 'JIT406', seen: 'It is not there.', remedy: 'Look.' });

const shown = { task: 'JitReport', content: (): Content => ({ kind: 'none' }) } as const;
/** Creates the host of a classic release, for which nothing is attached. */
const createHost = (given: Parameters<typeof createFakeHost>[0] = {}) =>
  createFakeHost({ ...given, variables: { 'System.HostType': 'release' } });

describe('a step', () => {
  it('succeeds once if its work succeeds', async () => {
    const { host, record: record } = createHost();
    await runStep(host, { ...shown, work: () => Promise.resolve(undefined), leftOpen: () => '' });
    assert.deepEqual([record.result, record.left], [null, true]);
  });

  it('succeeds with issues if its work left out something, where allowed', async () => {
    const { host, record } = createHost();
    await runStep(host, { ...shown, work: () => Promise.resolve('One is not open.'), leftOpen: () => '' });
    assert.deepEqual([record.result, record.issue], [null, 'One is not open.']);
  });

  it('fails with the code of its work', async () => {
    const { host, record: record } = createHost();
    const failure = aFailure();
    await runStep(host, { ...shown, work: () => Promise.reject(failure), leftOpen: () => '' });
    assert.equal(record.result, failure);
    assert.ok(record.left);
  });

  it('reports anything else that its work throws as a bug', async () => {
    const { host, record: record } = createHost();
    await runStep(host, { ...shown, work: () => Promise.reject(new TypeError('x')), leftOpen: () => '' });
    assert.equal(record.result?.code, 'JIT901');
  });

  it('does its work after the mandatory beginning and after the check of the variables', async () => {
    const { host, record: record } = createHost({ ignoredVariables: ['node.options'] });
    const order: string[] = [];
    await runStep(
      { ...host, checkVariables: () => void order.push('variables') },
      {
        ...shown,
        begin: () => void order.push('begin'),
        work: () => {
          order.push('work');
          return Promise.resolve(undefined);
        },
        leftOpen: () => '',
      },
    );
    assert.deepEqual(order, ['begin', 'variables', 'work']);
    assert.equal(record.warnings.length, 1);
    assert.match(record.warnings[0] ?? '', /node\.options/);
  });

  it('that was canceled before it began reports what is open, even if its work does not end', async () => {
    const { host, record: record } = createHost({ cancelled: AbortSignal.abort() });
    await runStep(host, { ...shown, work: never, leftOpen: () => 'Nothing is open.' });
    assert.equal(record.result?.code, 'JIT801');
    assert.ok(record.result.message.includes('Nothing is open.'));
    assert.ok(record.left);
  });

  it('that is canceled never succeeds, regardless of its work', async () => {
    const cancelled = new AbortController();
    const { host, record: record } = createHost({ cancelled: cancelled.signal });
    const work = () => {
      cancelled.abort();
      return Promise.resolve(undefined);
    };
    await runStep(host, { ...shown, work, leftOpen: () => 'This is open.' });
    assert.equal(record.result?.code, 'JIT801');
  });
});

describe('a post-job step', () => {
  it('reports an error in its work as a warning, and sets no result', async () => {
    const { host, record: record } = createHost();
    await runAfterJob(host, {
      ...shown,
      work: () => Promise.reject(aFailure()),
      report: () => {
        host.log.warning('This is open.');
      },
    });
    assert.equal(record.result, undefined);
    assert.deepEqual(record.warnings, [aFailure().message, 'This is open.']);
    assert.ok(record.left);
  });

  it('that was canceled before it began reports what is not done, even if its work does not end', async () => {
    const { host, record: record } = createHost({ cancelled: AbortSignal.abort() });
    await runAfterJob(host, {
      ...shown,
      work: never,
      report: () => {
        host.log.warning('This is open.');
      },
    });
    assert.deepEqual(record.warnings, ['This is open.']);
    assert.ok(record.left);
  });
});
