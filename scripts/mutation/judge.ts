/** A mutant that is identified by its text, so that it remains the same after an edit elsewhere in the file. */
export interface MutantText {
  /** The file, relative to the repository. */
  readonly file: string;
  /** The line on which the mutant begins, as it is written. */
  readonly line: string;
  /** The replaced text and its replacement. Only the beginning of a long text is kept. */
  readonly from: string;
  readonly to: string;
}

/** A mutant that is allowed to survive. */
export interface ExplainedSurvivor extends MutantText {
  readonly why: string;
}

/** The replaced range and its replacement. Lines and columns count from 1. */
export interface Replacement {
  readonly file: string;
  readonly location: { readonly start: Position; readonly end: Position };
  readonly replacement?: string | undefined;
}

/** A mutant as Stryker reports it. */
export interface TestedMutant extends Replacement {
  readonly status: string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The results of the mutants in a part. */
export interface PartResult {
  readonly died: number;
  readonly total: number;
  readonly percent: number;
  /** Survivors without an explanation, and explanations without a survivor. */
  readonly unexplained: readonly (MutantText & { readonly at: string })[];
  readonly idle: readonly ExplainedSurvivor[];
  readonly explained: number;
}

/** The number of characters that identify a text. */
const LENGTH = 90;

const DEAD = ['Killed', 'Timeout'];
const ALIVE = ['Survived', 'NoCoverage'];

const short = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LENGTH).trim();

/** Returns the mutant by its text. `source` is the original file. */
export function textOf({ file, location, replacement }: Replacement, source: string): MutantText {
  const { start, end } = location;
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  // The end comes first, because both can be in one line.
  const cut = lines.map((line, index) => (index === last ? line.slice(0, end.column - 1) : line));
  const from = cut.map((line, index) => (index === 0 ? line.slice(start.column - 1) : line)).join('\n');
  return { file, line: short(lines[0] ?? ''), from: short(from), to: short(replacement ?? '') };
}

/** Compares the survivors with the explanations. Mutants that are not valid TypeScript or cannot run do not count. */
export function judgePart(
  mutants: readonly TestedMutant[],
  sourceOf: (file: string) => string,
  explanations: readonly ExplainedSurvivor[],
): PartResult {
  const died = mutants.filter(({ status }) => DEAD.includes(status)).length;
  const survivors = mutants
    .filter(({ status }) => ALIVE.includes(status))
    .map((one) => ({
      ...textOf(one, sourceOf(one.file)),
      at: `${one.file}:${String(one.location.start.line)}`,
    }));
  const total = died + survivors.length;
  const unexplained = survivors.filter((one) => !explanations.some((other) => isSame(one, other)));
  return {
    ...{ died, total, percent: total === 0 ? 0 : (100 * died) / total },
    unexplained,
    idle: explanations.filter((one) => !survivors.some((other) => isSame(one, other))),
    explained: survivors.length - unexplained.length,
  };
}

const isSame = (one: MutantText, other: MutantText): boolean =>
  one.file === other.file && one.line === other.line && one.from === other.from && one.to === other.to;

/** Returns the problems of a part, one line each, and none if it passes. */
export function problemsOf(name: string, result: PartResult, least: number): readonly string[] {
  const { percent, unexplained, idle } = result;
  return [
    ...(percent < least
      ? [`${name}: ${percent.toFixed(1)} % of the mutants die, but ${String(least)} % must.`]
      : []),
    ...unexplained.map(({ at, line, from, to }) => `${at} lives: ${from} -> ${to}\n    in: ${line}`),
    ...idle.map(({ file, from, to }) => `${file}: no survivor is ${from} -> ${to}. Remove its explanation.`),
  ];
}
