import assert from 'node:assert/strict';
import { CodedError, type Failure } from '../../../tasks/shared/core/errors';
import { hasFailures, joinFailures } from '../../../tasks/shared/core/joinFailures';

const one: Failure = { code: 'JIT602', seen: 'One fell.', remedy: 'Wait.' };
const two: Failure = { code: 'JIT603', seen: 'Two was silent.', remedy: 'Look.' };
const three: Failure = { code: 'JIT301', seen: 'Three refused.', remedy: 'Wait.' };

describe('several failures', () => {
  it('are joined under the code of the first one, with each remedy once', () => {
    const { code, remedy } = joinFailures([two, one, three, two], { otherCodes: 'behind', then: '' });
    assert.deepEqual([code, remedy], ['JIT603', 'Look. Wait.']);
  });

  it('can have the other codes at the end, each once', () => {
    const join = (...failures: readonly [Failure, ...Failure[]]) =>
      joinFailures(failures, { otherCodes: 'behind', then: 'The rest is well.' }).seen;
    assert.equal(
      join(one, two, three, two),
      'One fell. Two was silent. Three refused. (also JIT603 and JIT301) The rest is well.',
    );
    assert.equal(join(one, { ...one, seen: 'Again.' }, one), 'One fell. Again. The rest is well.');
  });

  it('can have each other code before its own sentence', () => {
    const join = (then: string) => joinFailures([one, two, one, two], { otherCodes: 'before', then }).seen;
    assert.equal(join(''), 'One fell. JIT603: Two was silent.');
    assert.equal(join('Nothing was done.'), 'One fell. JIT603: Two was silent. Nothing was done.');
  });

  it('keep the first one as the cause if it was thrown', () => {
    const thrown = new CodedError(two);
    const join = (first: Failure) => joinFailures([first, one], { otherCodes: 'before', then: '' });
    assert.equal(join(thrown).cause, thrown);
    assert.equal(join(two).cause, undefined);
    assert.equal(join(thrown).message, 'JIT603: Two was silent. JIT602: One fell. Look. Wait.');
  });

  it('are detected only if there is at least one', () => {
    assert.deepEqual([hasFailures([]), hasFailures([one])], [false, true]);
  });
});
