import assert from 'node:assert/strict';
import { runAfterJob, runStep } from '../../../tasks/shared/task/step';
import type { Content } from '../../../tasks/shared/document/document';
import { CodedError } from '../../../tasks/shared/core/errors';
import { createFakeHost } from '../../support/fakes/fakeHost';

const never = (): Promise<undefined> => new Promise(() => undefined);
const aFailure = () => new CodedError({ code: 'JIT406', seen: 'It is not there.', remedy: 'Look.' });

const shown = { task: 'JitReport', content: (): Content => ({ kind: 'none' }) } as const;
/** A classic release, for which nothing is attached. */
const createHost = (given: Parameters<typeof createFakeHost>[0] = {}) =>
  createFakeHost({ ...given, variables: { 'System.HostType': 'release' } });

describe('a step', () => {
  it('succeeds when its work does, once', async () => {
    const { host, record: record } = createHost();
    await runStep(host, { ...shown, work: () => Promise.resolve(undefined), leftOpen: () => '' });
    assert.deepEqual([record.result, record.left], [null, true]);
  });

  it('succeeds with an issue where its work left something undone, as was allowed', async () => {
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

  it('calls whatever else its work throws a bug', async () => {
    const { host, record: record } = createHost();
    await runStep(host, { ...shown, work: () => Promise.reject(new TypeError('x')), leftOpen: () => '' });
    assert.equal(record.result?.code, 'JIT901');
  });

  it('does its work after what must be done in any case, and after the host has looked at its variables', async () => {
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

  it('that was cancelled before it began ends with what is open although its work does not end', async () => {
    const { host, record: record } = createHost({ cancelled: AbortSignal.abort() });
    await runStep(host, { ...shown, work: never, leftOpen: () => 'Nothing is open.' });
    assert.equal(record.result?.code, 'JIT801');
    assert.ok(record.result.message.includes('Nothing is open.'));
    assert.ok(record.left);
  });

  it('that is cancelled is never successful, whatever its work says', async () => {
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
  it('says what its work throws as a warning, and sets no result', async () => {
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

  it('that was cancelled before it began says what is not done although its work does not end', async () => {
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
