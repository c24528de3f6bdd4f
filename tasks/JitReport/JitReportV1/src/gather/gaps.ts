import { groupIdOf } from '../../../../shared/core/resourceIds';
import { endsRun, isAbsence } from '../../../../shared/core/codes';
import { CodedError, ForbiddenError } from '../../../../shared/core/errors';
import type { NotedGap } from '../judge/gathered';
import type { Gap } from '../../../../shared/view/report';

/** Notes what cannot be read, so that the rest of the report can be created. */
export interface Gaps {
  /**
   * Does a piece of work. Returns the failure if it became a gap. Throws errors for which the whole report fails: a
   * scope that does not exist is a mistake, and not a gap.
   */
  attempt(part: Gap['part'], scope: string, work: () => Promise<void>): Promise<CodedError | undefined>;
  note(part: Gap['part'], scope: string, failure: CodedError): void;
  /** Notes a gap for single entries of something that was read. */
  noteEntries(part: Gap['part'], scope: string, failure: CodedError): void;
  /** Returns each missing right or problem once, with the first scope where it occurred. */
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
    // Otherwise, thousands of resources in one group would be as many gaps.
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
