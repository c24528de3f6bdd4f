import assert from 'node:assert/strict';
import { describeMany } from '../support/azure/many';
import { aPolicyWorkflow } from './policyWorkflow';
import { linesOutside } from './unfolded';

describe('removing VMs from their policy', () => {
  /** VMs with a policy, and the lines about them outside of folded parts: on the first removal, and on the second one. */
  const linesAbout = async (count: number) => {
    const { azure, world, run } = aPolicyWorkflow();
    const vms = describeMany({ count, groups: 1 }).map((vm) => azure.addVm(vm));
    const vmResourceId = vms.map(({ id }) => id).join('\n');
    await run({ vmResourceId, portRules: '22' });
    const lines: string[][] = [];
    for (let at = 0; at < 2; at += 1) {
      const before = world.entries.length;
      assert.deepEqual((await run({ vmResourceId, action: 'remove' })).codes, []);
      lines.push(linesOutside(world.entries.slice(before)).filter((line) => line.includes('vm-0')));
    }
    return lines;
  };

  it('has a line for each of few VMs, and of more than ten only in folded parts', async () => {
    const [removed = [], uncovered = []] = await linesAbout(10);
    assert.equal(removed.filter((line) => line.startsWith('Azure removes the deny rules')).length, 10);
    assert.equal(uncovered.length, 10);
    assert.deepEqual(await linesAbout(11), [[], []]);
  });
});
