import assert from 'node:assert/strict';
import fc from 'fast-check';
import { covers, intersect, subtract, union, type Range } from '../../../tasks/shared/core/ranges';

const LAST = 40;
const range = fc
  .tuple(fc.nat(LAST), fc.nat(LAST))
  .map(([a, b]): Range => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const ranges = fc.array(range, { maxLength: 6 });

/** Returns the same set as single numbers. */
function members(list: readonly Range[]): number[] {
  return Array.from({ length: LAST + 1 }, (_, number) => number).filter((number) =>
    list.some(({ first, last }) => first <= number && number <= last),
  );
}

describe('ranges', () => {
  it('are sorted, disjoint, and not adjacent after a union', () => {
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        const united = union(one, other);
        assert.deepEqual(members(united), members([...one, ...other]));
        united.slice(1).forEach(({ first }, at) => {
          assert.ok(first > united[at]!.last + 1);
        });
        assert.deepEqual(union(united), united);
      }),
    );
  });

  it('are subtracted and intersected like sets', () => {
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        const inOther = new Set(members(other));
        const left = subtract(one, other);
        const both = intersect(one, other);
        assert.deepEqual(
          members(left),
          members(one).filter((number) => !inOther.has(number)),
        );
        assert.deepEqual(
          members(both),
          members(one).filter((number) => inOther.has(number)),
        );
        assert.deepEqual(union(left, both), union(one));
        assert.deepEqual(intersect(one, other), intersect(other, one));
      }),
    );
  });

  it('cover exactly what they contain, even across several ranges', () => {
    fc.assert(
      fc.property(ranges, ranges, (outer, inner) => {
        const inOuter = new Set(members(outer));
        assert.equal(
          covers(outer, inner),
          members(inner).every((number) => inOuter.has(number)),
        );
      }),
    );
    assert.ok(
      covers(
        [
          { first: 0, last: 4 },
          { first: 5, last: 9 },
        ],
        [{ first: 3, last: 7 }],
      ),
    );
  });

  it('are not modified as arguments', () => {
    const list = [
      { first: 5, last: 9 },
      { first: 0, last: 5 },
    ];
    union(list);
    subtract(list, [{ first: 6, last: 6 }]);
    assert.deepEqual(list, [
      { first: 5, last: 9 },
      { first: 0, last: 5 },
    ]);
  });
});
