import { toEntries } from '../bench';
import { MINUTE_MS, NOBODY, type Experiment } from '../experiment';

export const spelling: Experiment = {
  fact: 'spelling',
  question: 'Do ids, and the words of a status, come back in another case?',
  does: 'Requests a port and compares the answer with what was sent.',
  minutes: 1,
  ports: [{}],
  async run(bench, [port = 0]) {
    const answer = await bench.open({ port, source: NOBODY.nth(71), endInMs: 10 * MINUTE_MS });
    const seen = [...toEntries(answer.body), ...(await bench.entries())];
    const ids = seen.map(({ vmId }) => vmId).filter((id) => id.toLowerCase() === bench.target.vm.key);
    const changesIdCase = ids.some((id) => id !== bench.target.vm.id);
    const lowerCaseStatus = seen.every(({ status }) => status === status.toLowerCase());
    return {
      answer: `Ids come ${changesIdCase ? 'in another case' : 'as they were sent'}. The status is ${seen[0]?.status ?? 'not there'}.`,
      switches: { changesIdCase, lowerCaseStatus },
    };
  },
};
