import assert from 'node:assert/strict';
import { ELSEWHERE, TAG } from './behindTag';
import { addFleet } from './fleet';
import { linesOutside } from './unfolded';
import { aWorkflow } from './workflow';

describe('results of IP flow verify on many VMs', () => {
  const run = async (count: number) => {
    const workflow = aWorkflow();
    workflow.azure.addWatcher(ELSEWHERE);
    const { vmResourceId } = addFleet(workflow, count, 1, () => ({
      nicNsg: { rules: [TAG] },
      subnetNsg: false,
    }));
    const { codes } = await workflow.run({ vmResourceId, ports: '22', waitTimeout: '60s' });
    assert.deepEqual(codes, []);
    const { entries } = workflow.context;
    const isNote = (line: string) => line.startsWith('vm-0') && line.includes('IP flow verify');
    return {
      notes: workflow.context.texts('line').filter(isNote).length,
      outside: linesOutside(entries).filter(isNote).length,
      titles: workflow.context.texts('group').filter((title) => title.includes('IP flow verify')),
    };
  };

  it('are lines of the log for ten VMs, and collapsed groups with a count for more', async () => {
    assert.deepEqual(await run(10), { notes: 10, outside: 10, titles: [] });
    const { notes, outside, titles } = await run(11);
    assert.deepEqual([notes, outside], [11, 0]);
    const counts = titles.map((title) => Number(/(\d+) notes$/.exec(title)?.[1] ?? 1));
    assert.equal(
      counts.reduce((sum, one) => sum + one),
      11,
    );
  });
});
