import { isAbsence, kindOf, mayPass } from '../../../../shared/core/codes';
import { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { Clock, Limit } from '../../../../shared/core/limits';

/** The pause between two attempts, in milliseconds. */
const PAUSE_MS = 1000;

/** Whether Azure does not provide what a run can do without: it refuses it, does not have it, or returns nonsense. */
export const isRefusal = (error: CodedError): boolean =>
  error instanceof RefusedError || isAbsence(error) || kindOf(error) === 'senselessAnswer';

/** Whether another attempt to read what a run can do without is useless. No run fails because of this. */
export const isLasting = (error: CodedError): boolean => isRefusal(error) || !mayPass(error);

/** Repeats a read after a temporary error. Throws the last error after too many failures, or if the time is over. */
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
