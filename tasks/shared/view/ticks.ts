const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  ...[5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 3, 7, 14].map((days) => days * DAY),
];

/** A mark on a time axis. */
export interface Tick {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `10:30`, or `21 Nov` for a whole day. */
  readonly label: string;
  /** What the label omits, where it changes: the day of a time, or the year of a day. Otherwise empty. */
  readonly context: string;
}

/**
 * Returns at most `most` marks between two times, at equal distances. They are at round times in UTC, unless the span
 * is too long for every step.
 */
export function toTicks(from: number, to: number, most: number): readonly Tick[] {
  const step =
    STEPS.find((candidate) => (to - from) / candidate < most) ??
    (Math.floor((to - from) / most / DAY) + 1) * DAY;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  const ats = Array.from({ length: count }, (_, index) => first + index * step);
  const [label, context] = step < DAY ? [clockText, dayText] : [dayText, yearText];
  return ats.map((at, index) => {
    const before = ats[index - 1];
    const changes = before === undefined || context(before) !== context(at);
    return { at, label: label(at), context: changes ? context(at) : '' };
  });
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const clockText = (at: number): string => new Date(at).toISOString().slice(11, 16);
const yearText = (at: number): string => new Date(at).toISOString().slice(0, 4);

function dayText(at: number): string {
  const day = new Date(at);
  return `${String(day.getUTCDate())} ${MONTHS[day.getUTCMonth()] ?? ''}`;
}
