import { isAbsence, kindOf, mayPass } from '../../../../shared/core/codes';
import { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { Clock, Limit } from '../../../../shared/core/limits';

/** Between two attempts. */
const PAUSE_MS = 1000;

/** Azure does not give what a run can do without: it is refused, not there, or makes no sense. */
export const isRefusal = (error: CodedError): boolean =>
  error instanceof RefusedError || isAbsence(error) || kindOf(error) === 'senselessAnswer';

/** Whether asking again is of no use for what a run can do without: no run fails by that. */
export const isLasting = (error: CodedError): boolean => isRefusal(error) || !mayPass(error);

/** Reads again after a trouble that may pass. Throws the last failure when there are too many, or the time is over. */
export async function readOften<T>(
  read: () => Promise<T>,
  mostFailures: number,
  clock: Clock,
  { signal }: Limit,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof CodedError) || isLasting(error) || failures >= mostFailures) throw error;
      await clock.sleep(PAUSE_MS, signal);
      if (signal.aborted) throw error;
    }
  }
}
