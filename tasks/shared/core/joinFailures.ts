import { CodedError, type Failure } from './errors';
import { listText } from './text';

/** How several failures are joined into one. */
export interface Joining {
  /** Where the codes of the other failures are: each before its own sentence, or all of them after the last one. */
  readonly otherCodes: 'before' | 'behind';
  /** The text after everything that was seen. Empty for none. */
  readonly then: string;
}

/**
 * Joins several failures into one. The first one has the code, and is the cause. Each sentence and each remedy occurs
 * once, in the given order. The other codes are also named, so that a search for them finds something.
 */
export function joinFailures(
  [first, ...others]: readonly [Failure, ...Failure[]],
  { otherCodes, then }: Joining,
): CodedError {
  const all = [first, ...others];
  const seen = all.map((one) =>
    otherCodes === 'before' && one.code !== first.code ? `${one.code}: ${one.seen}` : one.seen,
  );
  const codes = unique(others.map(({ code }) => code).filter((code) => code !== first.code));
  const behind = otherCodes === 'behind' && codes.length > 0 ? `(also ${listText(codes)})` : '';
  return new CodedError(
    {
      code: first.code,
      seen: [...unique(seen), behind, then].filter((text) => text !== '').join(' '),
      remedy: unique(all.map(({ remedy }) => remedy)).join(' '),
    },
    first instanceof Error ? { cause: first } : undefined,
  );
}

/** Whether there is any failure to join. */
export const hasFailures = <T extends Failure>(failures: readonly T[]): failures is readonly [T, ...T[]] =>
  failures.length > 0;

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
