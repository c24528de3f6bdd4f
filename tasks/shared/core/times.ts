/** A time of day at the end, without a time zone. */
const NO_ZONE = /[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$/;

/**
 * Reads a time as Azure writes it, in ISO 8601. Returns milliseconds since 1970, or NaN if it is not a time. All of
 * Azure's times are UTC, so a time without a zone is also UTC, and not in the zone of the agent's machine.
 */
export const parseTime = (text: string): number => Date.parse(NO_ZONE.test(text) ? `${text}Z` : text);
