import { toEntries } from '../bench';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const SOURCE = NOBODY.nth(41);
const LONGEST_MS = 2 * MINUTE_MS;
const LASTS_MS = 5 * MINUTE_MS + 30_000;

export const ruleTimes: Experiment = {
  fact: 'rule-times',
  question:
    'How long does it take until the rule of a request is written, until the request is Initiated, and until the rule is removed?',
  does: 'Requests the port for five and a half minutes and watches its rule until it is removed.',
  minutes: 9,
  ports: [{}],
  async run(bench, [port = 0]) {
    const startedAt = bench.clock.now();
    const answer = await bench.open({ port, source: SOURCE, endInMs: LASTS_MS });
    const [made] = toEntries(answer.body);
    const since = () => bench.clock.now() - startedAt;
    let initiatedMs: number | undefined = made?.status.toLowerCase() === 'initiated' ? since() : undefined;
    let ruleMs: number | undefined;
    await bench.until(LONGEST_MS, async () => {
      ruleMs ??= (await bench.allowRules(port, SOURCE)).length > 0 ? since() : undefined;
      const own = (await bench.entries()).find(({ startTimeUtc }) => startTimeUtc === made?.startTimeUtc);
      initiatedMs ??= own?.status.toLowerCase() === 'initiated' ? since() : undefined;
      return ruleMs !== undefined && initiatedMs !== undefined ? true : undefined;
    });
    if (ruleMs === undefined) throw new Unsettled('The rule did not appear within two minutes.');
    const left = Math.max(0, LASTS_MS - since());
    const gone = await bench.until(left + LONGEST_MS, async () =>
      (await bench.allowRules(port, SOURCE)).length === 0 ? since() : undefined,
    );
    const removedMs = gone && Math.max(0, gone.value - LASTS_MS);
    return {
      answer: `Initiated after ${seconds(initiatedMs)}, the rule after ${seconds(ruleMs)}, removed ${seconds(removedMs)} after the end.`,
      times: {
        ruleMs,
        ...(initiatedMs !== undefined && { initiatedMs }),
        ...(removedMs !== undefined && { removedMs }),
      },
    };
  },
};

const seconds = (ms: number | undefined): string =>
  ms === undefined ? 'more than two minutes' : `${String(Math.round(ms / 1000))} s`;
