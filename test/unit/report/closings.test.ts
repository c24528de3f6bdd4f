import assert from 'node:assert/strict';
import * as closings from '../../../tasks/JitReport/JitReportV1/src/judge/closings';
import type { AuditedRequest } from '../../../tasks/shared/view/report';
import { parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { aRequest, hoursAgo } from '../../support/report/reports';

const MINUTE = 1 / 60;
const SECOND = MINUTE / 60;

/** Returns a request that began `ago` hours ago, for `hours` hours. */
const requested = (
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
/** Returns a request as the post-job step makes it to close a port, with an end a few seconds later. */
const closing = (ago: number, given: Partial<AuditedRequest> = {}, sources?: readonly string[]) =>
  requested(ago, 8 * SECOND, 'ended', given, sources);

/** Calculates the actual ends of rows that have their sources as text. */
const withRealEnds = (rows: readonly AuditedRequest[]) =>
  closings.withRealEnds(
    rows.map((row) => ({
      ...row,
      ports: row.ports.map((port) => ({ ...port, sources: parsePrefixes(port.sources) })),
    })),
  );

const record = (rows: readonly AuditedRequest[]) =>
  withRealEnds(rows).map(({ ports }) => ports.map(({ state, openSeconds }) => [state, openSeconds]));

describe('a request that ends an earlier one', () => {
  it('is shown as the end of that one, without a row of its own', () => {
    const open = requested(5, 1, 'superseded');
    const [row, ...others] = withRealEnds([closing(5 - 12 * MINUTE), open]);
    assert.deepEqual(others, []);
    const [port] = row?.ports ?? [];
    assert.deepEqual(
      [port?.durationSeconds, port?.openSeconds, port?.endedAt, port?.state, port?.endsAt],
      [3600, 12 * 60 + 8, hoursAgo(5 - 12 * MINUTE - 8 * SECOND), 'closed', open.ports[0]?.endsAt],
    );
    assert.deepEqual(record([closing(4.8), requested(5, 1, 'ended')]), [[['closed', 12 * 60 + 8]]]);
  });

  it('has the same policy, VM, port, and sources, and was made while the earlier one was open', () => {
    const open = requested(5, 1, 'superseded');
    const other = 'other';
    for (const given of [
      closing(4.8, { policyId: other }),
      closing(4.8, { vmId: other }),
      closing(4.8, {}, ['20.50.1.8']),
      closing(4.8, {}, ['*']),
      closing(3.9),
      closing(5.1),
      requested(4.8, 8 * SECOND, 'ended', {}, ['20.50.1.7'], 23),
      requested(4.8, MINUTE, 'ended'),
      closing(4.8, { result: 'refused' }),
    ]) {
      assert.equal(withRealEnds([given, open]).length, 2, JSON.stringify(given));
    }
    assert.equal(withRealEnds([closing(4.8, {}, ['20.50.1.7/32']), open]).length, 1, 'another spelling');
  });

  it('keeps its row if the earlier one is still active', () => {
    assert.deepEqual(record([closing(0.1), requested(0.5, 1, 'live')]), [[['ended', 8]], [['live', null]]]);
  });

  it('can end one of several ports', () => {
    const [port] = requested(5, 1, 'superseded').ports;
    assert.ok(port);
    const both = aRequest(5, { ports: [port, { ...port, port: 3389, state: 'ended', openSeconds: 3600 }] });
    assert.deepEqual(record([closing(4.8), both]), [
      [
        ['closed', 12 * 60 + 8],
        ['ended', 3600],
      ],
    ]);
  });

  it('ends the latest of the earlier requests', () => {
    const rows = [closing(4.5), requested(4.8, 1, 'superseded'), requested(5, 1, 'superseded')];
    assert.deepEqual(record(rows), [[['closed', 18 * 60 + 8]], [['superseded', 12 * 60]]]);
  });
});

describe('a superseded access', () => {
  it('ended when the next one for the port began', () => {
    assert.deepEqual(record([requested(4.5, 1, 'ended'), requested(5, 1, 'superseded')]), [
      [['ended', 3600]],
      [['superseded', 1800]],
    ]);
    assert.deepEqual(record([requested(3, 1, 'ended'), requested(5, 1, 'superseded')])[1], [
      ['superseded', 3600],
    ]);
    assert.deepEqual(record([requested(5, 1, 'superseded')]), [[['superseded', null]]], 'nothing tells');
  });
});
