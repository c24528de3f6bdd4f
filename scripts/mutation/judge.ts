/** A mutant, told by its text, so that it is the same one after an edit elsewhere in the file. */
export interface MutantText {
  /** The file below the repository. */
  readonly file: string;
  /** The line on which the mutant begins, as it is written. */
  readonly line: string;
  /** What is replaced in it, and by what; of long ones the beginning. */
  readonly from: string;
  readonly to: string;
}

/** A mutant that may live. */
export interface ExplainedSurvivor extends MutantText {
  readonly why: string;
}

/** What is replaced by what; lines and columns count from 1. */
export interface Replacement {
  readonly file: string;
  readonly location: { readonly start: Position; readonly end: Position };
  readonly replacement?: string | undefined;
}

/** A mutant as Stryker tells of it. */
export interface TestedMutant extends Replacement {
  readonly status: string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** What became of the mutants of a part. */
export interface PartResult {
  readonly died: number;
  readonly total: number;
  readonly percent: number;
  /** Survivors that nothing explains, and explanations that no survivor needs. */
  readonly unexplained: readonly (MutantText & { readonly at: string })[];
  readonly idle: readonly ExplainedSurvivor[];
  readonly explained: number;
}

/** How much of a text tells it. */
const LENGTH = 90;

const DEAD = ['Killed', 'Timeout'];
const ALIVE = ['Survived', 'NoCoverage'];

const short = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LENGTH).trim();

/** The mutant by its text. `source`: the file as it was before. */
export function textOf({ file, location, replacement }: Replacement, source: string): MutantText {
  const { start, end } = location;
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  // From the end, because both may be in one line.
  const cut = lines.map((line, index) => (index === last ? line.slice(0, end.column - 1) : line));
  const from = cut.map((line, index) => (index === 0 ? line.slice(start.column - 1) : line)).join('\n');
  return { file, line: short(lines[0] ?? ''), from: short(from), to: short(replacement ?? '') };
}

/** Compares what lives with what may. Mutants that are no TypeScript or cannot run do not count. */
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

/** What must be mended, a line each; nothing where the part holds. */
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
