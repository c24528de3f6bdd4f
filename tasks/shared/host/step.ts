import { CodedError } from '../errors';
import { bug, cancelled } from '../messages/failures';
import * as agent from './agent';
import { cancellationSignal } from './cancellation';
import { systemClock } from './clock';

/** After a cancellation, how long the story may take to come to its end before the step says what stays open. */
const GRACE_MS = 1000;

/** What every task does around its story. */
export interface Step {
  /** Does the work. Throws a `CodedError`; anything else is a bug. */
  work(signal: AbortSignal): Promise<void>;
  /** What a run that is cancelled now leaves open. */
  leftOpen(): string;
}

/**
 * Runs a step to its one result: succeeded, or failed with a code. A cancelled step ends within two seconds and
 * says what stays open. The process has exit code 0 in every case, because the result tells the agent.
 */
export async function runStep(step: Step): Promise<void> {
  const signal = cancellationSignal();
  let ended = false;
  const end = (failure: CodedError | undefined) => {
    if (ended) return;
    ended = true;
    agent.setResult(failure);
    agent.leave();
  };
  agent.onUncaught((error) => {
    end(bug(error));
  });
  const graceIsOver = new Promise<'cancelled'>((resolve) => {
    signal.addEventListener('abort', () => {
      void systemClock.sleep(GRACE_MS, new AbortController().signal).then(() => {
        resolve('cancelled');
      });
    });
  });
  const failure = await Promise.race([settle(step.work(signal)), graceIsOver]);
  if (signal.aborted) end(cancelled(step.leftOpen()));
  else end(failure === 'cancelled' ? undefined : failure);
}

async function settle(work: Promise<void>): Promise<CodedError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof CodedError ? error : bug(error);
  }
}
