import { isAccepted, statusText } from '../azure';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const SOURCE = NOBODY.nth(21);
const RULE_MS = 2 * MINUTE_MS;
/** The ends to try: one as near as when the task closes a port, and one that no minimum duration prevents. */
const ENDS_MS = [10_000, 5 * MINUTE_MS + 10_000];

export const nearEnd: Experiment = {
  fact: 'near-end',
  question: 'Does a request with a near end close the port that an older request opened, and how fast?',
  does: 'Requests a port for 20 minutes, then again with an end in ten seconds, and waits until the rule is removed.',
  minutes: 10,
  ports: [{}],
  async run(bench, [port = 0]) {
    await bench.open({ port, source: SOURCE, endInMs: 20 * MINUTE_MS });
    const isThere = async () => ((await bench.allowRules(port, SOURCE)).length > 0 ? true : undefined);
    if (!(await bench.until(RULE_MS, isThere)))
      throw new Unsettled('The rule of the request did not appear.');
    for (const endInMs of ENDS_MS) {
      const near = await bench.request({ port, source: SOURCE, endInMs });
      if (!isAccepted(near)) continue;
      const gone = await bench.until(endInMs + RULE_MS, async () => ((await isThere()) ? undefined : true));
      if (!gone) {
        return {
          answer: 'The rule of the older request stays after the nearer end.',
          switches: { honoursEarlyEnd: false },
        };
      }
      return {
        answer: `The port is closed ${String(Math.round(gone.afterMs / 1000))} s after a request that ends in ${String(endInMs / 1000)} s (${statusText(near)}).`,
        switches: { honoursEarlyEnd: true },
        times: { closedAfterEndMs: Math.max(0, gone.afterMs - endInMs) },
      };
    }
    throw new Unsettled('Azure refused a request with a near end.');
  },
};
