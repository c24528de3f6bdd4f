import type { ExplainedSurvivor } from '../judge';

/** The line, what is replaced in it by what, and why nobody can see it. */
type Entry = readonly [line: string, from: string, to: string, why: string];

/** Survivors of one file, as the command prints them. */
export const inFile = (file: string, entries: readonly Entry[]): readonly ExplainedSurvivor[] =>
  entries.map(([line, from, to, why]) => ({ file, line, from, to, why }));
