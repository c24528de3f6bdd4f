/** Azure's own clock: the test's clock plus the configured skew and `advance`. */
export interface AzureClock {
  /** Returns Azure's time in milliseconds since 1970. */
  now(): number;
  /** Moves Azure's time forward. Nothing waits, because all state is computed when it is read. */
  advance(ms: number): void;
}

export function createClock(base: () => number, skewMs: () => number): AzureClock {
  let jumped = 0;
  return {
    now: () => base() + skewMs() + jumped,
    advance(ms) {
      jumped += ms;
    },
  };
}

/**
 * Formats an instant as the service does: UTC, with a fraction without trailing zeros (`2018-07-22T15:51:55.21337Z`).
 * `ticks` are the four digits after the milliseconds, because the service counts in 100 ns.
 */
export function formatServiceTime(ms: number, ticks = 0): string {
  const iso = new Date(ms).toISOString();
  const fraction = `${iso.slice(20, 23)}${String(ticks).padStart(4, '0')}`.replace(/0+$/, '');
  return `${iso.slice(0, 19)}${fraction ? `.${fraction}` : ''}Z`;
}

const DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * Parses an ISO 8601 duration with units from days to seconds into milliseconds, or returns `undefined` if it is
 * invalid.
 */
export function parseIsoDuration(value: unknown): number | undefined {
  const found = typeof value === 'string' ? DURATION.exec(value) : null;
  if (!found || value === 'P' || (typeof value === 'string' && value.endsWith('T'))) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1).map((part) => Number(part || 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/;

/** Parses an ISO 8601 instant with a zone into milliseconds since 1970, or returns `undefined` if it is invalid. */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value !== 'string' || !INSTANT.test(value)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
