const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MINUTES = /^\d+$/;
const SHORT = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/i;
const ISO = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i;

const NUMBER = '(\\d+(?:[.,]\\d+)?)';
const ISO_WITH_FRACTION = new RegExp(
  `^P(?:${NUMBER}D)?(?:T(?=\\d)(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
  'i',
);

/** Adds up days, hours, minutes, and seconds, in milliseconds. Returns `undefined` without any, and for unsafe integers. */
function toMilliseconds(parts: readonly (string | undefined)[]): number | undefined {
  if (parts.every((part) => part === undefined)) return undefined;
  const units = [DAY, HOUR, MINUTE, SECOND];
  const sum = units.reduce((ms, unit, at) => ms + Number((parts[at] ?? '0').replace(',', '.')) * unit, 0);
  const ms = Math.round(sum);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/**
 * Reads a duration as people write it: `90m`, `1h30m`, `1d`, `PT1H30M`, or only a number of minutes, in any case and
 * with spaces around it. Reads seconds (`45s`, `1m30s`, `PT45S`) only if they are allowed. Returns milliseconds, which
 * can be zero.
 */
export function parseDuration(text: string, options: { seconds?: boolean } = {}): number | undefined {
  const trimmed = text.trim();
  if (MINUTES.test(trimmed)) return toMilliseconds([undefined, undefined, trimmed]);
  const parts: readonly (string | undefined)[] | undefined = (
    SHORT.exec(trimmed) ?? ISO.exec(trimmed)
  )?.slice(1);
  if (!parts || (parts[3] !== undefined && !options.seconds)) return undefined;
  return toMilliseconds(parts);
}

/**
 * Reads a duration as Azure writes it (ISO 8601): `PT3H`, `P1D`, `PT1H30M`, with an optional fraction in the last part.
 * Does not read years, months, and weeks, which have no fixed length or are not used. Returns milliseconds, never zero.
 */
export function parseIsoDuration(text: string): number | undefined {
  const parts: readonly (string | undefined)[] | undefined = ISO_WITH_FRACTION.exec(text)?.slice(1);
  const written = parts?.filter((part) => part !== undefined) ?? [];
  if (!parts || written.slice(0, -1).some((part) => /[.,]/.test(part))) return undefined;
  const ms = toMilliseconds(parts);
  return ms === 0 ? undefined : ms;
}

/** Formats milliseconds for people, rounded to seconds: `45 s`, `1 min 30 s`, `1 h 30 min`, `24 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / SECOND));
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount} ${unit}`);
  return shown.join(' ') || '0 s';
}

/** Formats milliseconds as Azure writes a duration (ISO 8601): `PT3H`, `P1D`, `P1DT2H`, `PT1M30.5S`. */
export function formatIsoDuration(ms: number): string {
  const part = (amount: number, unit: string) => (amount > 0 ? `${amount}${unit}` : '');
  const date = part(Math.floor(ms / DAY), 'D');
  const time =
    part(Math.floor(ms / HOUR) % 24, 'H') +
    part(Math.floor(ms / MINUTE) % 60, 'M') +
    part((ms % MINUTE) / SECOND, 'S');
  if (date + time === '') return 'PT0S';
  return `P${date}${time && 'T'}${time}`;
}

/** Formats the duration of a wait, for the log and for the page of the run: `less than 1 s`, `4 s`. */
export const waitedText = (ms: number): string => (ms < SECOND ? 'less than 1 s' : formatDuration(ms));

export const roundedText = (ms: number): string =>
  formatDuration(Math.max(1000, Math.round(ms / 1000) * 1000));
