import type { ExplainedSurvivor } from '../judge';

/** The line, the replaced text, the replacement, and why no test can detect it. */
type Entry = readonly [line: string, from: string, to: string, why: string];

/** Returns survivors of one file, as the command prints them. */
export const inFile = (file: string, entries: readonly Entry[]): readonly ExplainedSurvivor[] =>
  entries.map(([line, from, to, why]) => ({ file, line, from, to, why }));
