import { createReader } from '../../../tasks/shared/azure/reader';
import { isJson, textIn } from '../../../tasks/shared/core/json';
import { POLICY_TYPE } from '../../../tasks/shared/azure/read/policy';
import { policiesIn, type Bench } from '../bench';
import type { Experiment } from '../experiment';

export const subscriptionList: Experiment = {
  fact: 'subscription-list',
  question: 'Does the list of the subscription omit policies that the list of the resource group contains?',
  does: 'Reads both lists.',
  minutes: 1,
  onlyReads: true,
  async run(bench) {
    const { subscriptionId, resourceGroup } = bench.target.vm;
    const inGroup = await idsIn(bench, policiesIn(subscriptionId, resourceGroup));
    const inAll = new Set(await idsIn(bench, policiesIn(subscriptionId)));
    const missing = inGroup.filter((id) => !inAll.has(id)).length;
    return {
      answer: `It omits ${String(missing)} of the ${String(inGroup.length)} policies of the resource group.`,
      switches: { subscriptionListOmits: missing > 0 },
    };
  },
};

async function idsIn(bench: Bench, path: string): Promise<readonly string[]> {
  const reader = createReader(bench.arm);
  const call = {
    what: 'The list of policies',
    action: `${POLICY_TYPE}/read`,
    scope: path,
    sought: { noun: 'place', id: path },
  };
  return bench.limited(async (limit) => {
    const ids: string[] = [];
    for await (const page of reader.pages(reader.url(path, 'jit'), call, limit))
      ids.push(...page.map((item) => (isJson(item) ? textIn(item, 'id').toLowerCase() : '')));
    return ids;
  });
}
