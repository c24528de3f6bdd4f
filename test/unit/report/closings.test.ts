import assert from 'node:assert/strict';
import { withRealEnds } from '../../../tasks/JitReport/JitReportV1/src/judge/closings';
import type { AuditedRequest } from '../../../tasks/JitReport/JitReportV1/src/judge/model';
import { aRequest, hoursAgo } from '../../support/report/reports';

const MINUTE = 1 / 60;
const SECOND = MINUTE / 60;

/** A request so many hours ago, for so many hours. */
const asked = (
  ago: number,
  hours: number,
  state: string,
  given: Partial<AuditedRequest> = {},
  sources: readonly string[] = ['20.50.1.7'],
  port = 22,
): AuditedRequest => {
  const endsAt = hoursAgo(ago - hours);
  const durationSeconds = Math.round(hours * 3600);
  const end =
    state === 'ended'
      ? { endedAt: endsAt, openSeconds: durationSeconds }
      : { endedAt: null, openSeconds: null };
  return aRequest(ago, { ports: [{ port, sources, endsAt, durationSeconds, state, ...end }], ...given });
};
/** As closing after the job asks: an end in some seconds. */
const closing = (ago: number, given: Partial<AuditedRequest> = {}, sources?: readonly string[]) =>
  asked(ago, 8 * SECOND, 'ended', given, sources);

const told = (rows: readonly AuditedRequest[]) =>
  withRealEnds(rows).map(({ ports }) => ports.map(({ state, openSeconds }) => [state, openSeconds]));

describe('a request that ends another one early', () => {
  it('is the end of that one, and no row of its own', () => {
    const open = asked(5, 1, 'superseded');
    const [row, ...others] = withRealEnds([closing(5 - 12 * MINUTE), open]);
    assert.deepEqual(others, []);
    const [port] = row?.ports ?? [];
    assert.deepEqual(
      [port?.durationSeconds, port?.openSeconds, port?.endedAt, port?.state, port?.endsAt],
      [3600, 12 * 60 + 8, hoursAgo(5 - 12 * MINUTE - 8 * SECOND), 'closed', open.ports[0]?.endsAt],
    );
    assert.deepEqual(told([closing(4.8), asked(5, 1, 'ended')]), [[['closed', 12 * 60 + 8]]]);
  });

  it('is one of the same policy, VM, port and sources, while that one was open', () => {
    const open = asked(5, 1, 'superseded');
    const other = 'other';
    for (const given of [
      closing(4.8, { policyId: other }),
      closing(4.8, { vmId: other }),
      closing(4.8, {}, ['20.50.1.8']),
      closing(4.8, {}, ['*']),
      closing(3.9),
      closing(5.1),
      asked(4.8, 8 * SECOND, 'ended', {}, ['20.50.1.7'], 23),
      asked(4.8, MINUTE, 'ended'),
      closing(4.8, { result: 'refused' }),
    ]) {
      assert.equal(withRealEnds([given, open]).length, 2, JSON.stringify(given));
    }
    assert.equal(withRealEnds([closing(4.8, {}, ['20.50.1.7/32']), open]).length, 1, 'another spelling');
  });

  it('stays a row where the other one is live all the same', () => {
    assert.deepEqual(told([closing(0.1), asked(0.5, 1, 'live')]), [[['ended', 8]], [['live', null]]]);
  });

  it('ends one port of several', () => {
    const [port] = asked(5, 1, 'superseded').ports;
    assert.ok(port);
    const both = aRequest(5, { ports: [port, { ...port, port: 3389, state: 'ended', openSeconds: 3600 }] });
    assert.deepEqual(told([closing(4.8), both]), [
      [
        ['closed', 12 * 60 + 8],
        ['ended', 3600],
      ],
    ]);
  });

  it('ends the latest of those before it', () => {
    const rows = [closing(4.5), asked(4.8, 1, 'superseded'), asked(5, 1, 'superseded')];
    assert.deepEqual(told(rows), [[['closed', 18 * 60 + 8]], [['superseded', 12 * 60]]]);
  });
});

describe('a superseded access', () => {
  it('was over when the next one for the port began', () => {
    assert.deepEqual(told([asked(4.5, 1, 'ended'), asked(5, 1, 'superseded')]), [
      [['ended', 3600]],
      [['superseded', 1800]],
    ]);
    assert.deepEqual(told([asked(3, 1, 'ended'), asked(5, 1, 'superseded')])[1], [['superseded', 3600]]);
    assert.deepEqual(told([asked(5, 1, 'superseded')]), [[['superseded', null]]], 'nothing tells');
  });
});
