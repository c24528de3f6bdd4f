import type { Report } from '../../tasks/shared/view/report';

const DAY_MS = 86_400_000;
const MOST_DAYS = 30;

/** The number of requests on a day. */
export interface RequestDay {
  /** For example `2026-11-20`, in UTC. */
  readonly day: string;
  readonly count: number;
}

/** Returns the last days of a report's period, 30 at most, with the number of requests on each. */
export function toDays({ period, requests }: Pick<Report, 'period' | 'requests'>): readonly RequestDay[] {
  const last = Math.floor(Date.parse(period.to) / DAY_MS);
  const first = Math.max(Math.floor(Date.parse(period.from) / DAY_MS) + 1, last - MOST_DAYS + 1);
  const counts = new Map<number, number>();
  for (const { time } of requests) {
    const day = Math.floor(Date.parse(time) / DAY_MS);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => ({
    day: new Date((first + at) * DAY_MS).toISOString().slice(0, 10),
    count: counts.get(first + at) ?? 0,
  }));
}
