/** A time of day at the end, without a zone behind it. */
const NO_ZONE = /[T ]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?$/;

/**
 * Milliseconds since 1970 of a time as Azure writes it, in ISO 8601; NaN for what is none. All of Azure's times are UTC: one
 * without a zone is, too, and is not read by the clock of the agent's machine.
 */
export const parseTime = (text: string): number => Date.parse(NO_ZONE.test(text) ? `${text}Z` : text);
