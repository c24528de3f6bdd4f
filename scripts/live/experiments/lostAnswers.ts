import { toEntries } from '../bench';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

export const lostAnswers: Experiment = {
  fact: 'lost-answers',
  question: 'How soon does a policy list a request after the response?',
  does: 'Requests a port and reads the policy until the request is in it.',
  minutes: 1,
  ports: [{}],
  async run(bench, [port = 0]) {
    const answer = await bench.open({ port, source: NOBODY.nth(76), endInMs: 10 * MINUTE_MS });
    const [made] = toEntries(answer.body);
    const found = await bench.until(MINUTE_MS, async () =>
      (await bench.entries()).find((entry) => entry.startTimeUtc === made?.startTimeUtc),
    );
    if (!found)
      throw new Unsettled(
        'The policy does not list it after a minute, or not with the start of the response.',
      );
    return {
      answer: `After ${String(Math.round(found.afterMs / 1000))} s, with the start of the response.`,
      times: { listedMs: found.afterMs },
    };
  },
};
