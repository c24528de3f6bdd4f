import { isAccepted, statusText } from '../azure';
import { toEntries } from '../bench';
import { MINUTE_MS, NOBODY, type Experiment } from '../experiment';

const COUNTS = [10, 100, 500];
const END = { endInMs: 10 * MINUTE_MS };

export const manySources: Experiment = {
  fact: 'many-sources',
  question: 'Can a request have a list of sources, and how long can the list be?',
  does: 'Requests 2, 10, 100, and 500 addresses at once. If Azure ignores the list, a port is open for your own address for ten minutes.',
  minutes: 1,
  ports: [{}],
  async run(bench, [port = 0]) {
    const ask = (count: number) =>
      bench.request({
        port,
        sources: Array.from({ length: count }, (_none, at) => NOBODY.nth(1000 + at)),
        ...END,
      });
    const two = await ask(2);
    const granted = isAccepted(two) ? (toEntries(two.body)[0]?.sources.length ?? 0) : 0;
    if (granted !== 2) {
      const what = isAccepted(two) ? 'Azure ignores the list' : `Azure refuses a list: ${statusText(two)}`;
      return { answer: `${what}.`, switches: { acceptsPrefixLists: false } };
    }
    let mostSources = 2;
    for (const count of COUNTS) {
      const answer = await ask(count);
      if (!isAccepted(answer)) {
        return {
          answer: `Azure accepts ${String(mostSources)} and refuses ${String(count)}: ${statusText(answer)}.`,
          switches: { acceptsPrefixLists: true, mostSources },
        };
      }
      mostSources = count;
    }
    return {
      answer: `Azure accepts ${String(mostSources)} addresses, and possibly more.`,
      switches: { acceptsPrefixLists: true, mostSources: Infinity },
    };
  },
};
