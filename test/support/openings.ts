import { allowsSource } from './azure/jit/sources';

/** The sources of one port of one VM, with the period in which they are wanted or open, in milliseconds since 1970. */
export interface Opening {
  readonly port: number;
  readonly sources: readonly string[];
  readonly from: number;
  readonly endsAt: number;
}

/** Allows for clock differences, and for ends that are calculated shortly before they are sent. */
const SLACK_MS = 2000;

const isSingle = (source: string): boolean => /^[\d.]+(\/32)?$/.test(source);

/**
 * Finds what a request of the task opens beyond what anyone wants: one sentence each, or none. A range, or any address,
 * can be open only as long as someone wants the same or something that covers it. A single address can be open as long
 * as anyone wants anything at the port, because one request has one end.
 *
 * @param made a request of the task
 * @param needs what runs want according to their inputs, and what other people and runs have requested
 */
export function findWidenings(made: Opening, needs: readonly Opening[]): readonly string[] {
  const known = needs.filter(({ port, from }) => port === made.port && from <= made.from + SLACK_MS);
  const latest = (some: readonly Opening[]) => Math.max(...some.map(({ endsAt }) => endsAt)) + SLACK_MS;
  return made.sources.flatMap((source) => {
    const requesting = known.filter(({ sources }) => sources.some((one) => covers(one, source)));
    const what = `${source} at port ${String(made.port)} until ${new Date(made.endsAt).toISOString()}`;
    if (requesting.length === 0) return [`Nobody wants ${what}.`];
    const limit = latest(isSingle(source) ? known : requesting);
    return made.endsAt > limit ? [`Nobody wants ${what}, only until ${new Date(limit).toISOString()}.`] : [];
  });
}

/** Whether all addresses of a prefix are in another one. */
export const covers = (outer: string, inner: string): boolean =>
  allowsSource([outer === '*' ? '0.0.0.0/0' : outer], inner === '*' ? '0.0.0.0/0' : inner, {
    verbatimSources: false,
    hostPrefixIsAddress: true,
  });

const MOMENT = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/g;

/** Whether a text names the port, and an end that is not before the real one. */
export function names(text: string, { port, endsAt }: Pick<Opening, 'port' | 'endsAt'>): boolean {
  const isNamed = [`port ${String(port)}`, `"port":${String(port)}`].some((name) => text.includes(name));
  const ends = [...text.matchAll(MOMENT)].map(([, day = '', time = '']) => Date.parse(`${day}T${time}Z`));
  return isNamed && ends.some((end) => end >= endsAt - 1000);
}

/**
 * Returns sentences for the sources of an open request that no text names with the port and an end that is not too
 * early.
 */
export const findUnsaid = (open: Opening, texts: readonly string[]): readonly string[] =>
  open.sources
    .filter((source) => !texts.some((text) => names(text, open) && text.includes(wordFor(source))))
    .map((source) => `${source} is open at port ${String(open.port)}, and nothing says so.`);

const wordFor = (source: string): string => (source === '*' ? 'any address' : source);
