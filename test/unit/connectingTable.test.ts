import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

describe('the table of conditions for a packet to arrive', () => {
  const rows = read('docs/connecting.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);

  it('names a test of the packaged task in each row', () => {
    assert.ok(rows.length > 10);
    for (const row of rows) {
      const [test] = /`(test\/e2e\/\w+\.(?:test|leg)\.ts)` +\|$/.exec(row)?.slice(1) ?? [];
      assert.ok(test !== undefined, row);
      assert.ok(read(test).includes('usePackagedTask('), test);
    }
  });
});
