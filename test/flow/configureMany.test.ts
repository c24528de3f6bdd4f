import assert from 'node:assert/strict';
import { describeMany } from '../support/azure/many';
import { aPolicyWorkflow } from './policyWorkflow';
import { linesOutside } from './unfolded';

describe('removing VMs from their policy', () => {
  /**
   * Returns the numbers of lines about the VMs outside of collapsed groups: for the first removal, and for the second
   * one.
   */
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

  it('logs a line for each of a few VMs, and uses collapsed groups for more than ten', async () => {
    const [removed = [], uncovered = []] = await linesAbout(10);
    assert.equal(removed.filter((line) => line.startsWith('Azure removes the deny rules')).length, 10);
    assert.equal(uncovered.length, 10);
    assert.deepEqual(await linesAbout(11), [[], []]);
  });
});
