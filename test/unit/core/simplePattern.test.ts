import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseSimplePattern } from '../../../tasks/shared/core/simplePattern';

describe('a simple pattern of a bypass list', () => {
  it('has the same meaning as the regular expression', () => {
    const part = fc.constantFrom('a', 'b', 'C', '1', '.', '.*', '.+', '\\.', '\\-', '-', ':', '/', '_');
    const pattern = fc
      .tuple(fc.constantFrom('', '^'), fc.array(part, { maxLength: 8 }), fc.constantFrom('', '$'))
      .map(([start, parts, end]) => start + parts.join('') + end);
    const text = fc.array(fc.constantFrom('a', 'B', 'c', '1', '.', '-', ':', '/', '_'), { maxLength: 12 });
    fc.assert(
      fc.property(pattern, text, (expression, letters) => {
        const matches = parseSimplePattern(expression);
        assert.ok(matches, expression);
        const address = letters.join('');
        assert.equal(matches(address), new RegExp(expression, 'i').test(address), `${expression} ${address}`);
      }),
      { numRuns: 5000 },
    );
  });

  it('contains only letters and wildcards', () => {
    for (const expression of [
      '(a|b)',
      '[ab]',
      'a*',
      'a+',
      'a?',
      '.?',
      'a{2}',
      '\\d',
      '\\b',
      '(.+)+',
      '*.a',
      'a^',
      'a$b',
      'ä',
      'a\\',
    ]) {
      assert.equal(parseSimplePattern(expression), undefined, expression);
    }
  });

  it('is matched in a short time despite many wildcards', () => {
    const matches = parseSimplePattern(`${'.*a'.repeat(90)}~`.replace('~', 'b$'));
    assert.equal(matches?.('a'.repeat(2000)), false);
  });
});
