import { groupIdOf } from '../../../../shared/core/resourceIds';
import { endsRun, isAbsence } from '../../../../shared/core/codes';
import { CodedError, ForbiddenError } from '../../../../shared/core/errors';
import type { NotedGap } from '../judge/gathered';
import type { Gap } from '../../../../shared/view/report';

/** Notes what cannot be read, so that the rest of the report is made. */
export interface Gaps {
  /**
   * Does a piece of work. Gives the failure when it came to a gap. Throws what the whole report fails by: a scope that
   * does not exist is a mistake, and not a gap.
   */
  attempt(part: Gap['part'], scope: string, work: () => Promise<void>): Promise<CodedError | undefined>;
  note(part: Gap['part'], scope: string, failure: CodedError): void;
  /** The same for single entries of something that was read. */
  noteEntries(part: Gap['part'], scope: string, failure: CodedError): void;
  /** Each right or trouble once, with the first place where it was met. */
  all(): readonly NotedGap[];
}

export function createGaps(signal: AbortSignal): Gaps {
  const gaps = new Map<string, NotedGap>();
  const add = (
    part: Gap['part'],
    scope: string,
    failure: CodedError,
    more: Pick<NotedGap, 'entriesOnly'>,
  ) => {
    const right = failure instanceof ForbiddenError ? failure : undefined;
    const place = right?.scope ?? scope;
    // Thousands of single resources of one group would be as many gaps.
    const what = more.entriesOnly ? scope : groupIdOf(place);
    const key = `${part} ${failure.code} ${right?.action ?? ''} ${what.toLowerCase()}`;
    if (gaps.has(key)) return;
    const text = `${failure.seen} ${failure.remedy}`;
    const gap = { part, code: failure.code, action: right?.action ?? null, scope: place, text };
    gaps.set(key, { gap, failure, ...more });
  };
  const note: Gaps['note'] = (part, scope, failure) => {
    add(part, scope, failure, {});
  };
  return {
    note,
    noteEntries: (part, scope, failure) => {
      add(part, scope, failure, { entriesOnly: true });
    },
    async attempt(part, scope, work) {
      try {
        await work();
        return undefined;
      } catch (error) {
        if (!(error instanceof CodedError) || signal.aborted || isFatal(part, error)) throw error;
        note(part, scope, error);
        return error;
      }
    },
    all: () => [...gaps.values()],
  };
}

const isFatal = (part: Gap['part'], failure: CodedError): boolean =>
  endsRun(failure) || (part === 'vms' && isAbsence(failure));
