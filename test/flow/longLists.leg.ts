import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** For a list of twice the length, the steps can grow by this factor: n log n, with a margin. */
const MOST = 2.4;
/** An optimizing compiler counts no blocks, so steps in compiled code would be missed. */
const FLAGS = ['--no-opt', '--no-sparkplug', '--no-maglev', '--import', 'tsx'];

/** Returns the steps of each piece of work in a program, by the lengths of its lists. */
async function countsOf(program: string, sizes: readonly number[]): Promise<Record<string, number[]>> {
  const file = path.resolve(__dirname, '../support/steps', program);
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, file, ...sizes.map(String)]);
  return JSON.parse(stdout) as Record<string, number[]>;
}

for (const [what, program, works, sizes] of [
  ['thousands of sources', 'manySources.ts', 10, [600, 1200, 2400]],
  ['many VMs and requests', 'manyVms.ts', 10, [150, 300, 600]],
] as const) {
  describe(`work on lists of ${what}`, () => {
    it('takes n log n steps at most', async () => {
      const counts = await countsOf(program, sizes);
      assert.ok(Object.keys(counts).length >= works);
      for (const [name, steps] of Object.entries(counts)) {
        const text = `${name}: ${steps.join(', ')}`;
        steps.forEach((count, at) => {
          assert.ok(count > (sizes[at] ?? 0), text);
          assert.ok(at === 0 || count < MOST * (steps[at - 1] ?? 0), text);
        });
      }
    }).timeout(300_000);
  });
}
