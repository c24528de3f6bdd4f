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

/** Adds up days, hours, minutes and seconds. Nothing, zero and what a number cannot hold are no duration. */
function toMilliseconds(parts: readonly (string | undefined)[]): number | undefined {
  const units = [DAY, HOUR, MINUTE, SECOND];
  const sum = units.reduce((ms, unit, at) => ms + Number((parts[at] ?? '0').replace(',', '.')) * unit, 0);
  const ms = Math.round(sum);
  return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}

/**
 * Reads what people write: `90m`, `1h30m`, `1d`, `PT1H30M`, or a bare number of minutes, in any case and with
 * spaces around. Seconds (`45s`, `1m30s`, `PT45S`) only where they are allowed. In milliseconds, never zero.
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
 * Reads a duration as Azure writes it (ISO 8601): `PT3H`, `P1D`, `PT1H30M`, and a fraction in the last part.
 * Years, months and weeks are no fixed or no used lengths and are not read. In milliseconds, never zero.
 */
export function parseIsoDuration(text: string): number | undefined {
  const parts: readonly (string | undefined)[] | undefined = ISO_WITH_FRACTION.exec(text)?.slice(1);
  const written = parts?.filter((part) => part !== undefined) ?? [];
  if (!parts || written.slice(0, -1).some((part) => /[.,]/.test(part))) return undefined;
  return toMilliseconds(parts);
}

/** For people, to the second: `45 s`, `1 min 30 s`, `1 h 30 min`, `24 h`. */
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

/** As Azure writes it (ISO 8601): `PT3H`, `P1D`, `P1DT2H`, `PT1M30.5S`. */
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

/** How long a wait took, the same in the log and on the run's page: `less than 1 s`, `4 s`. */
export const waitedText = (ms: number): string => (ms < SECOND ? 'less than 1 s' : formatDuration(ms));

export const roundedText = (ms: number): string =>
  formatDuration(Math.max(1000, Math.round(ms / 1000) * 1000));
