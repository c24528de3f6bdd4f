import type { AuditedRequest, Report } from './report';

/** `refused`: Azure refused the request, so nothing was open. `other`: Azure reports another state. */
export const WINDOW_STATES = ['live', 'ended', 'superseded', 'refused', 'other'] as const;
export type WindowState = (typeof WINDOW_STATES)[number];

/** When a request held a port open, in milliseconds since 1970. For a refused request, both are its time. */
export interface AccessWindow {
  readonly from: number;
  readonly to: number;
  readonly state: WindowState;
}

/** The windows of one port of one VM, sorted by their start. Null if neither source shows it. */
export interface Lane {
  readonly vmName: string | null;
  readonly port: number | null;
  readonly windows: readonly AccessWindow[];
}

/** Access windows over time. */
export interface WindowChart {
  /** The period, and beyond it until the last active window ends. */
  readonly from: number;
  readonly to: number;
  /** When the report was written. */
  readonly now: number;
  /** The latest request comes first. */
  readonly lanes: readonly Lane[];
  /** The number of lanes that are left out. */
  readonly moreLanes: number;
}

/** The longest request that a policy can allow, in milliseconds. */
const LONGEST = 24 * 3_600_000;

interface OpenLane {
  readonly vmName: string | null;
  readonly port: number | null;
  readonly windows: AccessWindow[];
}

/** Sorts the report's requests into at most `mostLanes` lanes. Leaves out requests without a readable time. */
export function toWindowChart(report: Report, mostLanes: number): WindowChart {
  const from = Date.parse(report.period.from);
  const now = Date.parse(report.generatedAt);
  const until = Math.max(Date.parse(report.period.to), now);
  const lanes = new Map<string, OpenLane>();
  const add = (vm: LaneName, port: number | null, window: AccessWindow): void => {
    const { from: begin, to: end } = window;
    // A request can begin while the report is created.
    if (!(begin <= end && end >= from && begin < until + LONGEST)) return;
    const key = `${vm.vmId?.toLowerCase() ?? ''}:${String(port)}`;
    const lane = lanes.get(key) ?? { vmName: vm.vmName, port, windows: [] };
    lanes.set(key, lane);
    lane.windows.push({ ...window, from: Math.max(begin, from), to: Math.min(end, until + LONGEST) });
  };

  for (const request of report.requests) addRequest(request, add);
  // A request that began before the period is not among the requests of the report.
  const isListed = new Set(
    report.requests.flatMap(({ vmId, ports }) =>
      ports.map(({ port, endsAt }) => activeKey(vmId, port, endsAt)),
    ),
  );
  for (const active of report.liveRequests) {
    if (isListed.has(activeKey(active.vmId, active.port, active.endsAt))) continue;
    add(active, active.port, {
      from: Date.parse(active.startedAt),
      to: Date.parse(active.endsAt),
      state: 'live',
    });
  }

  const sorted = [...lanes.values()].map(ordered).sort(latestFirst);
  const shown = sorted.slice(0, mostLanes);
  const ends = shown.flatMap(({ windows }) => windows.map(({ to }) => to));
  const to = ends.reduce((last, end) => Math.max(last, end), until);
  return { from, to, now, lanes: shown, moreLanes: sorted.length - shown.length };
}

type LaneName = Pick<AuditedRequest, 'vmId' | 'vmName'>;

function addRequest(
  request: AuditedRequest,
  add: (vm: LaneName, port: number | null, window: AccessWindow) => void,
): void {
  const from = Date.parse(request.time);
  if (request.result === 'refused') {
    const ports = request.ports.length > 0 ? request.ports.map(({ port }) => port) : [null];
    for (const port of ports) add(request, port, { from, to: from, state: 'refused' });
    return;
  }
  for (const { port, endsAt, endedAt, state } of request.ports) {
    add(request, port, { from, to: Date.parse(endedAt ?? endsAt), state: windowState(state) });
  }
}

/** Returns the state of a window. A request that was closed early has ended, and its bar is shorter. */
const windowState = (state: string): WindowState =>
  state === 'closed'
    ? 'ended'
    : state === 'live' || state === 'ended' || state === 'superseded'
      ? state
      : 'other';

const activeKey = (vmId: string | null, port: number, endsAt: string): string =>
  `${vmId?.toLowerCase() ?? ''}:${String(port)}:${String(Math.floor(Date.parse(endsAt) / 1000))}`;

/** Sorts the windows by their start. */
const ordered = (lane: OpenLane): Lane => ({
  ...lane,
  windows: lane.windows.toSorted((one, other) => one.from - other.from || one.to - other.to),
});

const latestFirst = (one: Lane, other: Lane): number =>
  (other.windows.at(-1)?.from ?? 0) - (one.windows.at(-1)?.from ?? 0) ||
  compare(one.vmName ?? '', other.vmName ?? '') ||
  (one.port ?? 0) - (other.port ?? 0);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
