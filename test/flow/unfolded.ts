import assert from 'node:assert/strict';
import type { FakeContext } from '../support/fakes/fakeContext';

/** Returns the lines outside collapsed groups. Every group must have an end. */
export function linesOutside(entries: FakeContext['entries']): readonly string[] {
  let depth = 0;
  const outside = entries.flatMap(({ kind, text }) => {
    if (kind === 'group') depth += 1;
    if (kind === 'endGroup') depth -= 1;
    return depth === 0 && kind === 'line' ? [text] : [];
  });
  assert.equal(depth, 0);
  return outside;
}
