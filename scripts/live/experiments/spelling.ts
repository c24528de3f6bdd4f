import { toEntries } from '../bench';
import { MINUTE_MS, NOBODY, type Experiment } from '../experiment';

export const spelling: Experiment = {
  fact: 'spelling',
  question: 'Does Azure return IDs and status values in another case?',
  does: 'Requests a port and compares the response with the request.',
  minutes: 1,
  ports: [{}],
  async run(bench, [port = 0]) {
    const answer = await bench.open({ port, source: NOBODY.nth(71), endInMs: 10 * MINUTE_MS });
    const seen = [...toEntries(answer.body), ...(await bench.entries())];
    const ids = seen.map(({ vmId }) => vmId).filter((id) => id.toLowerCase() === bench.target.vm.key);
    const changesIdCase = ids.some((id) => id !== bench.target.vm.id);
    const lowerCaseStatus = seen.every(({ status }) => status === status.toLowerCase());
    return {
      answer: `IDs are returned ${changesIdCase ? 'in another case' : 'as they were sent'}. The status is ${seen[0]?.status ?? 'missing'}.`,
      switches: { changesIdCase, lowerCaseStatus },
    };
  },
};
