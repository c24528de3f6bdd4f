import assert from 'node:assert/strict';
import type { ClosedPort, OpenedPort, RunDocument } from '../../../tasks/shared/document/document';
import { mayBeOpen, portNow, toRunPorts, type PortState } from '../../../web/read/ports';

const AT = Date.UTC(2026, 10, 20, 9, 30);
const iso = (ms: number): string => new Date(AT + ms).toISOString();
const MINUTE = 60_000;

const opened = (more: Partial<OpenedPort> = {}): OpenedPort => ({
  ...{ vmId: '/vm/A', vmName: 'a', port: 22, sources: ['20.61.99.7'], endsAt: iso(45 * MINUTE) },
  ...{ state: 'open', code: null, reused: false, permanent: false, waitedSeconds: 3 },
  ...more,
});
const closed = (more: Partial<ClosedPort> = {}): ClosedPort => ({
  ...{ vmId: '/vm/a', vmName: 'a', port: 22, sources: ['20.61.99.7'], text: 'Closed.' },
  ...{ state: 'closed', until: null },
  ...more,
});
const document = (content: RunDocument['content'], more: Partial<RunDocument> = {}): RunDocument => ({
  ...{ schemaVersion: '1.1', task: 'JitOpenPorts', writtenAt: iso(0), part: 'main', failure: null },
  step: { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: '', stepName: '' },
  ...{ content, cut: [], ...more },
});
const open = (ports: readonly OpenedPort[], more: Partial<RunDocument> = {}): RunDocument =>
  document({ kind: 'opened', ports, leftOut: [] }, more);
const close = (ports: readonly ClosedPort[], more: Partial<RunDocument> = {}): RunDocument =>
  document({ kind: 'closed', ports }, { part: 'postJob', writtenAt: iso(10 * MINUTE), ...more });
const stateOf = (documents: readonly RunDocument[], ms = MINUTE): readonly PortState[] =>
  toRunPorts(documents).map((port) => portNow(port, AT + ms).state);

describe('the ports of a run', () => {
  it('combine what a step opened and its post-job step closed, in either order', () => {
    const documents = [close([closed()]), open([opened()])];
    assert.equal(toRunPorts(documents).length, 1);
    assert.deepEqual(stateOf(documents), ['closed']);
  });

  it('are separate for each job of a matrix, attempt of a job, step, VM, and port', () => {
    const step = { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: '', stepName: '' };
    const documents = [
      open([opened(), opened({ port: 3389 }), opened({ vmId: '/vm/b' })]),
      open([opened()], { step: { ...step, jobId: 'other' } }),
      open([opened()], { step: { ...step, jobAttempt: 2 } }),
      open([opened()], { step: { ...step, stepId: 'other' } }),
    ];
    assert.equal(toRunPorts(documents).length, 6);
  });

  it('have the state after the last attempt of a step', () => {
    const first = open([opened({ state: 'notOpen', code: 'JIT701' })]);
    const second = open([opened({ reused: true })], { writtenAt: iso(5 * MINUTE) });
    assert.deepEqual(stateOf([second, first]), ['open']);
  });

  it('are not closed while one of their requests is not', () => {
    const stays = closed({ state: 'open', until: iso(20 * MINUTE), text: 'Stays.' });
    for (const ports of [
      [closed(), stays],
      [stays, closed()],
    ])
      assert.deepEqual(stateOf([open([opened()]), close(ports)], 11 * MINUTE), ['staysOpen']);
  });

  it('are closed when the last of their requests is', () => {
    const [early, late] = [closed({ closedAt: iso(9 * MINUTE) }), closed({ closedAt: iso(10 * MINUTE) })];
    for (const ports of [
      [early, late],
      [late, early],
    ]) {
      const [port] = toRunPorts([open([opened()]), close(ports)]);
      assert.ok(port);
      assert.deepEqual(portNow(port, AT), { state: 'closed', closedAt: AT + 10 * MINUTE });
    }
  });

  it('are included even if only the post-job step reports them', () => {
    assert.deepEqual(stateOf([close([closed({ state: 'neverOpened' })])]), ['neverOpened']);
  });
});

describe('the current state of a port', () => {
  for (const [state, expected] of [
    ['open', 'open'],
    ['initiated', 'notRead'],
    ['requested', 'requested'],
    ['notOpen', 'notOpen'],
    ['unknown', 'unknown'],
  ] as const)
    it(`is ${expected} for ${state} until its end, counts as possibly open, and is over afterwards`, () => {
      const documents = [open([opened({ state })])];
      assert.deepEqual(stateOf(documents, 45 * MINUTE - 1), [expected]);
      assert.deepEqual(stateOf(documents, 45 * MINUTE), ['over']);
      assert.ok(mayBeOpen({ state: expected }));
      assert.ok(!mayBeOpen({ state: 'over' }));
    });

  it('has no end if a rule without a request allows the source', () => {
    const [port] = toRunPorts([open([opened()]), close([closed({ state: 'open', until: null })])]);
    assert.ok(port);
    assert.deepEqual(portNow(port, AT + 1e12), { state: 'staysOpen', until: null });
  });

  it('is over when the remaining access has ended', () => {
    const stays = closed({ state: 'open', until: iso(20 * MINUTE) });
    assert.deepEqual(stateOf([open([opened()]), close([stays])], 21 * MINUTE), ['over']);
  });

  it('has no closing time if an earlier version of the task closed it', () => {
    const [port] = toRunPorts([open([opened()]), close([closed()])]);
    assert.ok(port);
    assert.deepEqual(portNow(port, AT), { state: 'closed' });
  });

  it('is not open if it is closed, was never opened, or the VM no longer exists', () => {
    for (const state of ['closed', 'neverOpened', 'vmGone'] as const) {
      assert.deepEqual(stateOf([open([opened()]), close([closed({ state })])]), [state]);
      assert.ok(!mayBeOpen({ state }));
    }
  });
});
