import { AbortError } from '@azure/abort-controller';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** The maximum number of calls that are in progress at the same time. */
const MOST_AT_ONCE = 8;
/** The number of consecutive responses without throttling after which one more call is allowed. */
const CALM_ANSWERS = 10;

/**
 * Limits the number of calls in progress: to `MOST_AT_ONCE` at first, to half as many each time Azure throttles (429),
 * and to one more after every `CALM_ANSWERS` responses without throttling. Other calls wait in a queue, first in, first
 * out. A call that is canceled while it waits is never sent. Docs: "Throttling Resource Manager requests".
 *
 * This policy must run inside the retries, so that a pause does not occupy a place.
 */
export function congestionPolicy(): PipelinePolicy {
  const queue: (() => void)[] = [];
  let allowed = MOST_AT_ONCE;
  let underWay = 0;
  let calm = 0;
  /** The number of reductions so far. A 429 for a call from before the last reduction does not cause another one. */
  let reductions = 0;

  const takeTurns = (): void => {
    while (underWay < allowed) {
      const first = queue.shift();
      if (!first) return;
      underWay += 1;
      first();
    }
  };
  const myTurn = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const onAbort = (): void => {
        queue.splice(queue.indexOf(begin), 1);
        reject(new AbortError('The call was given up before it was its turn.'));
      };
      const begin = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      // If the signal has already fired, the call itself fails.
      if (!signal?.aborted) signal?.addEventListener('abort', onAbort, { once: true });
      queue.push(begin);
      takeTurns();
    });
  const learn = (status: number, knew: number): void => {
    if (status === 429) {
      if (knew < reductions) return;
      reductions += 1;
      allowed = Math.max(1, Math.floor(allowed / 2));
      calm = 0;
      return;
    }
    calm += 1;
    if (calm < CALM_ANSWERS || allowed === MOST_AT_ONCE) return;
    allowed += 1;
    calm = 0;
  };

  return {
    name: 'jitCongestionPolicy',
    async sendRequest(request, next) {
      await myTurn(request.abortSignal as AbortSignal | undefined);
      const knew = reductions;
      try {
        const response = await next(request);
        learn(response.status, knew);
        return response;
      } finally {
        underWay -= 1;
        takeTurns();
      }
    },
  };
}
