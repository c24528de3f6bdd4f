import { AbortError } from '@azure/abort-controller';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/** How many calls are under way at once, at most. */
export const MOST_AT_ONCE = 8;
/** How many answers in a row without throttling it takes to allow one call more at once. */
const CALM_ANSWERS = 10;

/**
 * Lets only so many calls go out at once: `MOST_AT_ONCE`, half as many once Azure throttles (429), and one more after every
 * `CALM_ANSWERS` without that. The others wait for their turn, in the order in which they came. A call that is given up
 * while it waits is never sent. Learn, "Throttling Resource Manager requests".
 *
 * To be put inside of the retries, so that a pause holds no place.
 */
export function congestionPolicy(): PipelinePolicy {
  const queue: (() => void)[] = [];
  let allowed = MOST_AT_ONCE;
  let underWay = 0;
  let calm = 0;
  /** How often fewer were allowed: calls that went out before the last time tell nothing of what is allowed now. */
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
      // A signal that has fired already ends the call itself.
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
