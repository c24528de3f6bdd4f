import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../../tasks/shared/azure/parseJson';

const nested = (levels: number, open: string, close: string): string =>
  open.repeat(levels) + '1' + close.repeat(levels);

describe('parsing JSON of a service', () => {
  it('returns the same as JSON.parse', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        assert.deepEqual(parseJson(text), JSON.parse(text));
      }),
    );
  });

  it('returns undefined for invalid JSON', () => {
    for (const text of [undefined, null, '', '<html>', '{', '[1,]', 'undefined', ']]]', '"', '"\\'])
      assert.equal(parseJson(text), undefined, String(text));
  });

  for (const [what, open, close] of [
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
    ['lists in objects', '{"a":[', ']}'],
  ] as const) {
    it(`accepts greater depth than any response has, with a limit: ${what}`, () => {
      const perLevel = what === 'lists in objects' ? 2 : 1;
      assert.notEqual(parseJson(nested(100 / perLevel, open, close)), undefined);
      assert.equal(parseJson(nested(100 / perLevel + 1, open, close)), undefined);
      assert.equal(parseJson(nested(1_000_000, open, close)), undefined);
    });
  }

  it('ignores brackets in strings, and accepts any number of brackets side by side', () => {
    for (const text of [
      '['.repeat(500),
      '\\"'.repeat(50) + '{'.repeat(500),
      '\\'.repeat(501),
      '"[{'.repeat(500),
    ])
      assert.deepEqual(parseJson(JSON.stringify({ [text]: [text] })), { [text]: [text] });
    const many = Array.from({ length: 5000 }, () => [[{}]]);
    assert.deepEqual(parseJson(JSON.stringify(many)), many);
  });
});
