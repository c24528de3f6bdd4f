import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const SIZES = [600, 1200, 2400];
/** Twice the list takes at most so many times the steps: n log n, with something to spare. */
const MOST = 2.4;
/** Steps that are not taken would go unnoticed: an optimizing compiler counts no blocks. */
const FLAGS = ['--no-opt', '--no-sparkplug', '--no-maglev', '--import', 'tsx'];
const PROGRAM = path.resolve(__dirname, '../support/steps/manySources.ts');

describe('work on lists of thousands of sources', () => {
  it('takes no more steps than lists of twice the length need', async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [...FLAGS, PROGRAM, ...SIZES.map(String)]);
    const counts = JSON.parse(stdout) as Record<string, number[]>;
    assert.ok(Object.keys(counts).length >= 10);
    for (const [name, steps] of Object.entries(counts)) {
      const text = `${name}: ${steps.join(', ')}`;
      steps.forEach((count, at) => {
        assert.ok(count > (SIZES[at] ?? 0), text);
        assert.ok(at === 0 || count < MOST * (steps[at - 1] ?? 0), text);
      });
    }
  }).timeout(300_000);
});
