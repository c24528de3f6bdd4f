import { isAccepted, statusText } from '../azure';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const WRITE = 'microsoft.compute/virtualmachines/write';

export const neededRights: Experiment = {
  fact: 'needed-rights',
  question: 'Does a request require the permission to write the VM?',
  does: 'Requests a port with a second identity, which should lack this permission. Skipped without one.',
  minutes: 1,
  ports: [{}],
  async run(bench, [port = 0]) {
    if (!bench.second) throw new Unsettled('No second identity was specified.');
    const answer = await bench.second.request({ port, source: NOBODY.nth(91), endInMs: 10 * MINUTE_MS });
    if (isAccepted(answer)) {
      return {
        answer: `No: the second identity requests access without it (${statusText(answer)}).`,
        switches: { initiateNeedsVmWrite: false },
      };
    }
    if (answer.status === 403 && answer.message.toLowerCase().includes(WRITE)) {
      return { answer: `Yes: ${statusText(answer)} names it.`, switches: { initiateNeedsVmWrite: true } };
    }
    throw new Unsettled(`Azure refused the second identity for another reason: ${statusText(answer)}.`);
  },
};
