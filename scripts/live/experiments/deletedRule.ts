import { MINUTE_MS, NOBODY, Unsettled, type Experiment } from '../experiment';

const SOURCE = NOBODY.nth(31);
const RULE_MS = 2 * MINUTE_MS;
const BACK_MS = 3 * MINUTE_MS;

export const deletedRule: Experiment = {
  fact: 'deleted-rule',
  question: 'Does a deleted allow rule come back while its request is active?',
  does: 'Requests a port, deletes its rule, and waits three minutes.',
  minutes: 5,
  ports: [{}],
  async run(bench, [port = 0]) {
    await bench.open({ port, source: SOURCE, endInMs: 20 * MINUTE_MS });
    const find = async () => {
      const found = await bench.allowRules(port, SOURCE);
      return found.length > 0 ? found : undefined;
    };
    const written = await bench.until(RULE_MS, find);
    if (!written) throw new Unsettled('The rule of the request did not appear.');
    for (const { groupId, rule } of written.value) {
      await bench.limited((limit) => bench.network.deleteRule(groupId, rule.name, limit));
    }
    const deleted = await bench.until(RULE_MS, async () => ((await find()) ? undefined : true));
    if (!deleted) throw new Unsettled('The deleted rule did not disappear.');
    const back = await bench.until(BACK_MS, find);
    return back
      ? {
          answer: `It comes back after ${String(Math.round(back.afterMs / 1000))} s.`,
          switches: { deletedRuleReturns: true },
          times: { ruleReturnsMs: back.afterMs },
        }
      : { answer: 'It does not come back within three minutes.', switches: { deletedRuleReturns: false } };
  },
};
