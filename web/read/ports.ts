import type { ClosedPort, OpenedPort, RunDocument, StepPlace } from '../../tasks/shared/document/document';

/** A port of a run: what a step opened, and what its post-job step reports about it. At least one of them is set. */
export interface RunPort {
  readonly step: StepPlace;
  readonly opened: OpenedPort | undefined;
  /** If there are several requests for the port, the one that is not closed, if any. */
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
      const said = new Set<string>();
      for (const closed of content.ports) {
        const key = keyOf(step, closed);
        const before = rows.get(key);
        const isFirst = !said.has(key);
        said.add(key);
        if (isFirst || closed.state === 'open') rows.set(key, { step, opened: before?.opened, closed });
      }
    }
  }
  return [...rows.values()];
}

/** Another attempt of the whole job counts as another job. */
const keyOf = (
  { jobId, jobAttempt, stepId }: StepPlace,
  { vmId, port }: Pick<OpenedPort, 'vmId' | 'port'>,
): string => JSON.stringify([jobId, jobAttempt, stepId, vmId.toLowerCase(), port]);

export type PortState =
  | ('open' | 'notRead' | 'requested' | 'notOpen' | 'unknown')
  | ('closed' | 'neverOpened' | 'vmGone' | 'staysOpen' | 'over');

/**
 * The state of a port at a certain time. `over`: its end has passed, and nothing has checked it since. `until` is set
 * while the port might be open, in milliseconds since 1970; `null` means without an end.
 */
export interface PortNow {
  readonly state: PortState;
  readonly until?: number | null;
}

/**
 * Returns the state of a port at a certain time.
 *
 * @param now milliseconds since 1970
 */
export function portNow({ opened, closed }: RunPort, now: number): PortNow {
  if (closed && closed.state !== 'open') return { state: closed.state };
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
