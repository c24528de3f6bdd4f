import { isAccepted, statusText, type Answer } from '../azure';
import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

/** A port that no experiment adds to the policy. */
const NO_PORT = 9;
const END = { endInMs: 10 * MINUTE_MS };

export const outsidePolicy: Experiment = {
  fact: 'outside-policy',
  question: 'How does Azure refuse a request whose port, VM, source, or duration is outside the policy?',
  does: 'Makes four requests that the policy does not allow.',
  minutes: 1,
  ports: [{ source: NOBODY.network }],
  async run(bench, [port = 0]) {
    const source = NOBODY.network;
    const tried: readonly (readonly [string, Answer])[] = [
      ['port', await bench.request({ port: NO_PORT, source, ...END })],
      ['VM', await bench.request({ port, source, ...END, vmId: `${bench.target.vm.id}-not-there` })],
      ['source', await bench.request({ port, source: NOBODY.elsewhere, ...END })],
      ['duration', await bench.request({ port, source, endInMs: 23 * 60 * MINUTE_MS })],
    ];
    const answer = tried.map(([what, got]) => `${what}: ${statusText(got)}`).join('; ');
    const refused = tried.map(([, got]) => got).filter((got) => !isAccepted(got));
    const [first] = refused;
    if (!first) throw new Unsettled(`Azure accepted all of them: ${answer}.`);
    // A VM that does not exist can be refused for another reason.
    const usual = tried.filter(([what]) => what !== 'VM').map(([, got]) => statusText(got));
    const isOne = new Set(usual).size === 1;
    return {
      answer: `By ${answer}.`,
      switches: isOne ? { outsidePolicyStatus: first.status, outsidePolicyCode: first.code } : {},
    };
  },
};
