import { COUNT_LABELS, COUNT_NOTES, NOT_KNOWN, numberText } from './messages/report';
import type { Counts, Report } from './report';

/** One number of the report, as people read it. */
export interface Count {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  /** Whether the number should be zero, but is not. */
  readonly bad: boolean;
}

const GROUPS: readonly (readonly (keyof Counts)[])[] = [
  ['vms', 'configured', 'notConfigured', 'recommended', 'unsupported', 'unknown'],
  ['openPorts', 'liveRequests', 'standingPorts', 'mayBeOpen', 'openToInternet', 'requests', 'refused'],
];

const NEVER_GOOD: readonly (keyof Counts)[] = ['recommended', 'mayBeOpen', 'openToInternet'];
const NOTES: Readonly<Partial<Record<keyof Counts, string>>> = COUNT_NOTES;

/** Returns all numbers: those about VMs, and those about ports and requests. */
export const countGroups = ({ counts }: Report): readonly (readonly Count[])[] =>
  GROUPS.map((keys) =>
    keys.map((key) => {
      const note = NOTES[key];
      const count = counts[key];
      const bad = count !== null && count > 0 && NEVER_GOOD.includes(key);
      const value = count === null ? NOT_KNOWN : numberText(count);
      return { label: COUNT_LABELS[key], value, bad, ...(note === undefined ? {} : { note }) };
    }),
  );
