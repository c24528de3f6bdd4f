import { groupBy } from '../../../../shared/core/groupBy';
import { textsOf } from '../../../../shared/core/prefixes';
import { createPrefixCover } from '../../../../shared/core/sources';
import type { AuditRow, AuditRowPort } from './audit';
import type { AuditedPort, AuditedRequest } from '../../../../shared/view/report';

/**
 * A request for less than this time, in milliseconds, only ends the one before it: no one requests less than a minute
 * to work.
 */
const CLOSING_MS = 60_000;

/** One port of a row, as a span in the lane of its VM and port. Times are in milliseconds since 1970. */
interface OpenSpan {
  readonly row: AuditRow;
  readonly port: AuditRowPort;
  readonly from: number;
  /** The requested end. */
  readonly to: number;
}

/**
 * Returns the rows with the actual end of each access. A request with a near end, for sources that an earlier one of
 * the same policy holds, only ends that one. Its row is removed, unless the earlier request is still active, so that
 * the closing had no effect. A superseded access ends when the next one for the port begins.
 */
export function withRealEnds(rows: readonly AuditRow[]): readonly AuditedRequest[] {
  const granted = rows.filter(({ result, vmId }) => result === 'granted' && vmId !== null);
  const all = granted.flatMap((row) => row.ports.map((port) => toAccess(row, port)));
  const lanes = groupBy(all, ({ row, port }) => `${row.vmId?.toLowerCase() ?? ''} ${String(port.port)}`);
  const ends = new Map<AuditRowPort, Pick<AuditedPort, 'state'> & { readonly at: number }>();
  const closings = new Set<AuditRowPort>();
  for (const lane of lanes.values()) {
    const inOrder = lane.toSorted((one, other) => one.from - other.from);
    const latestEnds = latestEndsOf(inOrder);
    inOrder.forEach((access, at) => {
      const before = isShort(access) ? findEnded(access, inOrder, at, latestEnds) : undefined;
      if (!before || closings.has(before.port)) return;
      closings.add(access.port);
      ends.set(before.port, { at: access.to, state: 'closed' });
    });
    const left = inOrder.filter(({ port }) => !closings.has(port));
    left.forEach(({ port, to }, at) => {
      const next = left[at + 1];
      if (port.state !== 'superseded' || ends.has(port) || !next) return;
      ends.set(port, { at: Math.min(to, next.from), state: 'superseded' });
    });
  }
  return rows.flatMap((row) => {
    const ports = row.ports
      .filter((port) => !closings.has(port))
      .map((port) => {
        const end = ends.get(port);
        const shown = { ...port, sources: textsOf(port.sources) };
        return end ? withEnd(shown, end.state, Date.parse(row.time), end.at) : shown;
      });
    return ports.length === 0 && row.ports.length > 0 ? [] : [{ ...row, ports }];
  });
}

const toAccess = (row: AuditRow, port: AuditRowPort): OpenSpan => ({
  ...{ row, port, from: Date.parse(row.time), to: Date.parse(port.endsAt) },
});

const isShort = ({ from, to }: OpenSpan): boolean => to - from < CLOSING_MS;

/** Returns the latest end up to each place in a lane. */
function latestEndsOf(lane: readonly OpenSpan[]): readonly number[] {
  let latest = -Infinity;
  return lane.map(({ to }) => (latest = Math.max(latest, to)));
}

/**
 * Returns the latest access that a short one ends. The search stops where no earlier access lasts long enough: a lane
 * can have tens of thousands.
 */
function findEnded(
  access: OpenSpan,
  lane: readonly OpenSpan[],
  at: number,
  latestEnds: readonly number[],
): OpenSpan | undefined {
  for (let index = at - 1; (latestEnds[index] ?? -Infinity) > access.to; index--) {
    const earlier = lane[index];
    if (earlier && isEndOf(access, earlier)) return earlier;
  }
  return undefined;
}

/** Whether a short request is the end of an earlier one. */
const isEndOf = (access: OpenSpan, earlier: OpenSpan): boolean =>
  access.to < earlier.to &&
  access.from < earlier.to &&
  earlier.port.state !== 'live' &&
  access.row.policyId.toLowerCase() === earlier.row.policyId.toLowerCase() &&
  access.port.sources.every(createPrefixCover(earlier.port.sources));

const withEnd = (port: AuditedPort, state: string, from: number, at: number): AuditedPort => ({
  ...{ ...port, state, endedAt: new Date(at).toISOString() },
  openSeconds: Math.max(0, Math.round((at - from) / 1000)),
});
