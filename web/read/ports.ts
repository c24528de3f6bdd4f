import type { ClosedPort, OpenedPort, RunDocument, StepPlace } from '../../tasks/shared/document/document';

/** A port of a run: what a step opened, and what its post-job step reports about it. At least one of them is set. */
export interface RunPort {
  readonly step: StepPlace;
  readonly opened: OpenedPort | undefined;
  /** If there are several requests for the port: the one that is not closed, or else the one that was closed last. */
  readonly closed: ClosedPort | undefined;
}

/**
 * Returns all ports of a run, in the order in which steps reported them. Attempts of a step count as one: a later
 * report about a port replaces an earlier one.
 */
export function toRunPorts(documents: readonly RunDocument[]): readonly RunPort[] {
  const rows = new Map<string, RunPort>();
  const sorted = documents.toSorted((one, other) => Date.parse(one.writtenAt) - Date.parse(other.writtenAt));
  for (const { step, content } of sorted) {
    if (content.kind === 'opened') {
      for (const opened of content.ports) {
        const key = keyOf(step, opened);
        rows.set(key, { step, opened, closed: undefined });
      }
    } else if (content.kind === 'closed') {
      const said = new Map<string, ClosedPort>();
      for (const closed of content.ports) {
        const key = keyOf(step, closed);
        const other = said.get(key);
        if (other && !isLater(closed, other)) continue;
        said.set(key, closed);
        rows.set(key, { step, opened: rows.get(key)?.opened, closed });
      }
    }
  }
  return [...rows.values()];
}

/** Whether the first of two requests for a port kept it open for longer. */
const isLater = (one: ClosedPort, other: ClosedPort): boolean =>
  one.state === 'open' ||
  (other.state !== 'open' && Date.parse(one.closedAt ?? '') > Date.parse(other.closedAt ?? ''));

/** An attempt of the whole job counts as a job of its own. */
const keyOf = (
  { jobId, jobAttempt, stepId }: StepPlace,
  { vmId, port }: Pick<OpenedPort, 'vmId' | 'port'>,
): string => JSON.stringify([jobId, jobAttempt, stepId, vmId.toLowerCase(), port]);

export type PortState =
  | ('open' | 'notRead' | 'requested' | 'notOpen' | 'unknown')
  | ('closed' | 'neverOpened' | 'vmGone' | 'staysOpen' | 'over');

/**
 * The state of a port at a certain time. `over`: its time is over, and nothing has checked it since. `until` is set
 * while the port might be open; `null` means no end. `closedAt` is when it was found closed, if known.
 */
export interface PortNow {
  readonly state: PortState;
  readonly until?: number | null;
  readonly closedAt?: number;
}

/**
 * Returns the state of a port at a certain time.
 *
 * @param now milliseconds since 1970
 */
export function portNow({ opened, closed }: RunPort, now: number): PortNow {
  if (closed && closed.state !== 'open')
    return { state: closed.state, ...(closed.closedAt && { closedAt: Date.parse(closed.closedAt) }) };
  if (closed) {
    if (closed.until === null) return { state: 'staysOpen', until: null };
    const until = Date.parse(closed.until);
    return until > now ? { state: 'staysOpen', until } : { state: 'over' };
  }
  if (!opened) return { state: 'unknown' };
  const until = Date.parse(opened.endsAt);
  return until > now ? { state: STATES[opened.state], until } : { state: 'over' };
}

const STATES = {
  open: 'open',
  initiated: 'notRead',
  requested: 'requested',
  notOpen: 'notOpen',
  unknown: 'unknown',
} as const;

/** Whether the port might be open now, as far as is known. */
export const mayBeOpen = ({ state }: PortNow): boolean =>
  ['open', 'notRead', 'requested', 'notOpen', 'unknown', 'staysOpen'].includes(state);
