import type { RuleAt } from '../../../../shared/core/nsg/verdict';
import { CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import { poll } from '../../../../shared/core/poll';
import type { Context } from '../context';

/** How long the rules can take to follow the end of a request, or a deletion: eight seconds. */
export const FOLLOW_MS = 8000;
/** What remains of the time for reporting when a rule is waited for that does not go: three seconds. */
export const REPORT_MS = 3000;

/** What a check found: `closed`, or the rules that still allow the source. */
export type RulesFound = 'closed' | readonly RuleAt[];

/**
 * Polls the rules for up to `ms` milliseconds, at least once. Returns `closed`, or the rules that still allow the source.
 */
export async function waitUntilClosed(
  context: Context,
  check: () => Promise<RulesFound>,
  ms: number,
  outer: Limit,
): Promise<RulesFound> {
  let admitting = await check();
  if (admitting === 'closed') return 'closed';
  const closed = await withLimit(context.clock, outer.signal, ms, (limit) =>
    poll(context.clock, limit, async (round) => {
      if (round > 0) admitting = await check();
      return admitting === 'closed' ? admitting : undefined;
    }),
  );
  return closed ?? admitting;
}

/**
 * Checks closed rules once more after some seconds, if there is time: a service might write the deleted rule of an
 * active request again. A check that fails does not undo what the checks before it found.
 */
export async function checkLater(
  { clock }: Context,
  check: () => Promise<RulesFound>,
  limit: Limit,
): Promise<RulesFound> {
  const pauseMs = Math.min(FOLLOW_MS, limit.remainingMs() - REPORT_MS);
  if (pauseMs <= 0) return 'closed';
  await clock.sleep(pauseMs, limit.signal);
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return 'closed';
  }
}
