import { parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import assert from 'node:assert/strict';
import type { Access } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/access';
import {
  isOwnAccess,
  isStillActive,
  settleAll,
  sourcesToClose,
} from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/ownRequests';
import type { NotedPort } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import type { OddEntry } from '../../../tasks/shared/core/policy';
import { aPolicy, aRequest, aVm, HOUR, NOW } from './policies';

const STARTED = aRequest().startedAt;
const noted = (given: Partial<NotedPort> = {}): NotedPort => ({
  ...{
    vm: aVm(),
    policy: aPolicy(),
    port: 22,
    protocol: 'TCP',
    sources: parsePrefixes(['20.50.1.7']),
    endsAt: NOW + HOUR,
  },
  ...{ startedAt: undefined, own: undefined, others: undefined },
  ...given,
});
const ODD: OddEntry = {
  ...{ part: 'request', vmKey: undefined, port: undefined, problem: 'x', mayLastUntil: NOW + 1 },
};

describe('a request with a lost response', () => {
  const find = (entries: readonly NotedPort[], policy = aPolicy({ requests: [aRequest()] })) =>
    settleAll(entries, policy, NOW);

  it('is found in the policy, with what Azure granted', () => {
    assert.deepEqual(find([noted()]), [noted({ startedAt: STARTED })]);
    assert.deepEqual(find([noted({ endsAt: NOW + 2 * HOUR })]), [undefined], 'it has another end');
  });

  it('is found as the request with exactly its ports if another request has only some of them', () => {
    const [ssh] = aRequest().ports;
    assert.ok(ssh);
    const joint = aRequest({}, { ports: [ssh, { ...ssh, port: 80 }] });
    const alone = aRequest({}, { startedAt: new Date(NOW - 1000).toISOString() });
    const policy = aPolicy({ requests: [joint, alone] });
    const [first, second] = find([noted(), noted({ port: 80 })], policy);
    assert.deepEqual([first?.startedAt, second?.startedAt], [STARTED, STARTED]);
    const known = noted({ port: 443, startedAt: 'before' });
    const [again] = settleAll([noted(), noted({ port: 80 }), known], policy, NOW);
    assert.equal(again?.startedAt, STARTED);
  });

  it('does not change once its response is known, regardless of the policy', () => {
    const known = noted({ startedAt: new Date(NOW).toISOString() });
    assert.deepEqual(find([known], aPolicy()), [known]);
  });

  it('might be an invalid entry of the policy', () => {
    const policy = aPolicy({ odd: [ODD] });
    assert.deepEqual(find([noted()], policy), [noted()]);
    assert.deepEqual(find([noted()], aPolicy()), [undefined]);
    assert.equal(isStillActive(noted({ startedAt: STARTED }), policy, NOW), true);
    assert.equal(isStillActive(noted({ startedAt: STARTED }), policy, NOW + 1), false, 'it is over then');
    assert.equal(isStillActive(noted({ startedAt: STARTED }), aPolicy(), NOW), false);
  });
});

describe('the sources to close', () => {
  it('are those that the step opened for itself, and all sources if it is unknown what Azure granted', () => {
    assert.deepEqual(textsOf(sourcesToClose(noted())), ['20.50.1.7']);
    assert.deepEqual(textsOf(sourcesToClose(noted({ sources: undefined }))), ['*']);
  });
});

describe('an access', () => {
  const access = (given: Partial<Access> = {}): Access => ({
    ...{ vm: aVm(), policy: aPolicy(), port: 22, protocol: 'TCP', status: 'Initiated', startedAt: STARTED },
    ...{ wantedSources: [], wantedUntil: NOW, sources: [], endsAt: NOW, reused: true, others: undefined },
    ...given,
  });
  const own = {
    startedAt: STARTED,
    vm: { key: aVm().key.toUpperCase() },
    port: 22,
    sources: [],
    endsAt: NOW,
  };

  it('belongs to this step if one of its requests has the same start, VM, and port', () => {
    assert.equal(isOwnAccess([own], access()), true);
    assert.equal(isOwnAccess([{ ...own, port: 80 }, own], access()), true);
    for (const other of [{ port: 80 }, { startedAt: 'later' }, { vm: aVm('other') }])
      assert.equal(isOwnAccess([own], access(other)), false, JSON.stringify(other));
    assert.equal(isOwnAccess([], access()), false);
  });
});
