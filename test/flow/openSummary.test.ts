import assert from 'node:assert/strict';
import { toSummary } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/summary';
import { notReached } from '../../tasks/shared/messages/failures';
import { aWorkflow } from './workflow';

describe('the summary of opened ports', () => {
  it('has twenty failures at most, and the number of the others', async () => {
    const { opened } = await aWorkflow().run();
    assert.ok(opened);
    const linesFor = (count: number): readonly string[] => {
      const failures = Array.from({ length: count }, (_none, at) =>
        notReached('Azure', `reason ${String(at)}`),
      );
      const summary = toSummary({ ...opened, failures }) ?? '';
      return summary.split('\n').filter((line) => line.startsWith('- '));
    };
    assert.equal(linesFor(20).length, 20);
    assert.ok(linesFor(20).every((line) => line.includes('JIT603')));
    assert.equal(linesFor(23).length, 21);
    assert.match(linesFor(23).at(-1) ?? '', /\b3 more/);
  });
});
