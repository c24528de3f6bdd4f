import assert from 'node:assert/strict';
import fc from 'fast-check';
import { covers, intersect, subtract, union, type Range } from '../../../tasks/shared/core/ranges';

const LAST = 40;
const range = fc
  .tuple(fc.nat(LAST), fc.nat(LAST))
  .map(([a, b]): Range => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const ranges = fc.array(range, { maxLength: 6 });

/** The same set, number by number. */
function members(list: readonly Range[]): number[] {
  return Array.from({ length: LAST + 1 }, (_, number) => number).filter((number) =>
    list.some(({ first, last }) => first <= number && number <= last),
  );
}

describe('ranges', () => {
  it('are in order, do not overlap and do not touch once they are united', () => {
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

  it('subtract and intersect as sets do', () => {
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

  it('cover exactly what they contain, over several ranges too', () => {
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

  it('leave the lists that they are given alone', () => {
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
