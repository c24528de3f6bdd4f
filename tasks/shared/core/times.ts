/** A date in ISO 8601, optionally with a time of day and a time zone, which is the group. */
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>\s?(?:Z|[+-]\d\d:?\d\d))?)?$/i;
/** A time of day at the end. */
const ENDS_IN_TIME = /:\d\d(?:\.\d+)?$/;

/** The last time that can be written with a year of four digits, as JSON schemas require, in milliseconds since 1970. */
export const LATEST_TIME = Date.parse('9999-12-31T23:59:59.999Z');
const EARLIEST_TIME = Date.parse('0000-01-01T00:00:00Z');

/**
 * Reads a time as Azure writes it, in ISO 8601. Returns milliseconds since 1970, or NaN if it is not such a time. All of
 * Azure's times are UTC, so a time without a zone is also UTC, and not in the zone of the agent's machine. JavaScript
 * would read other texts too, such as `1`, in that zone.
 */
export function parseTime(text: string): number {
  const found = ISO.exec(text);
  if (!found) return Number.NaN;
  const isWithoutZone = found.groups?.['zone'] === undefined && ENDS_IN_TIME.test(text);
  const time = Date.parse(isWithoutZone ? `${text}Z` : text);
  return time >= EARLIEST_TIME && time <= LATEST_TIME ? time : Number.NaN;
}
