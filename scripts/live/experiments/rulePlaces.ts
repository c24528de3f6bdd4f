import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const SOURCE = NOBODY.nth(51);

export const rulePlaces: Experiment = {
  fact: 'rule-places',
  question: 'To which NSG does Azure write the rules: that of the NIC, of the subnet, or both?',
  does: 'Requests a port and reads both NSGs.',
  minutes: 3,
  ports: [{}],
  async run(bench, [port = 0]) {
    const places = bench.target.groups.map(({ at }) => at);
    await bench.open({ port, source: SOURCE, endInMs: 10 * MINUTE_MS });
    const found = await bench.until(2 * MINUTE_MS, async () => {
      const written = await bench.allowRules(port, SOURCE);
      return written.length > 0 ? written.map(({ at }) => at) : undefined;
    });
    if (!found) throw new Unsettled('No rule appeared within two minutes.');
    // The rule in the second group can appear a moment later.
    await bench.clock.sleep(10_000, new AbortController().signal);
    const at = new Set((await bench.allowRules(port, SOURCE)).map((one) => one.at));
    if (places.length < 2) throw new Unsettled(`There is only one NSG, on the ${places[0] ?? 'NIC'}.`);
    const ruleTargets = at.size === 2 ? 'both' : at.has('nic') ? 'nic' : 'subnet';
    return {
      answer:
        ruleTargets === 'both'
          ? 'To both NSGs.'
          : `To the NSG of the ${ruleTargets === 'nic' ? 'NIC' : 'subnet'}.`,
      switches: { ruleTargets },
    };
  },
};
