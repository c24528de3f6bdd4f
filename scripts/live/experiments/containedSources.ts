import { isAccepted, statusText } from '../azure';
import { MINUTE_MS, NOBODY, type Experiment } from '../experiment';

const END = { endInMs: 10 * MINUTE_MS };

export const containedSources: Experiment = {
  fact: 'contained-sources',
  question:
    'Where a policy allows a CIDR range, does Azure accept an address inside it? Is an address with `/32` the same as the address?',
  does: 'Requests an address inside an allowed CIDR range, with and without /32, and an allowed address with /32.',
  minutes: 1,
  ports: [{ source: NOBODY.network }, { source: NOBODY.host }],
  async run(bench, [wide = 0, single = 0]) {
    const whole = await bench.request({ port: wide, source: NOBODY.network, ...END });
    const inside = await bench.request({ port: wide, source: NOBODY.inside, ...END });
    const insideHost = await bench.request({ port: wide, source: `${NOBODY.inside}/32`, ...END });
    const host = await bench.request({ port: single, source: `${NOBODY.host}/32`, ...END });
    return {
      answer: `The CIDR range: ${statusText(whole)}. An address inside it: ${statusText(inside)}, with /32: ${statusText(insideHost)}. A single allowed address, with /32: ${statusText(host)}.`,
      switches: {
        verbatimSources: !isAccepted(inside),
        hostPrefixIsAddress: isAccepted(inside) || isAccepted(host),
      },
    };
  },
};
