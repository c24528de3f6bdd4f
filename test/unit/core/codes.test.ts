import assert from 'node:assert/strict';
import {
  CODES,
  endsRun,
  FAILURES,
  isAbsence,
  isSignInFailure,
  isSilence,
  kindOf,
  mayPass,
  type Code,
} from '../../../tasks/shared/core/codes';
import { filesBelow, read } from '../../support/docs/documents';

describe('the table of failures', () => {
  const table: readonly (readonly [string, (failure: { code: Code }) => boolean, readonly Code[]])[] = [
    ['may pass', mayPass, ['JIT406', 'JIT602', 'JIT603', 'JIT604']],
    ['end a run', endsRun, ['JIT101', 'JIT102', 'JIT201', 'JIT202', 'JIT203', 'JIT801', 'JIT901']],
    ['say that something is not there', isAbsence, ['JIT406']],
    ['are of the sign-in', isSignInFailure, ['JIT201', 'JIT202', 'JIT203']],
    ['are a silence of Azure', isSilence, ['JIT601', 'JIT602', 'JIT603', 'JIT604']],
  ];
  for (const [what, is, expected] of table) {
    it(`says which failures ${what}`, () => {
      assert.deepEqual(
        CODES.filter((code) => is({ code })),
        expected,
      );
    });
  }

  it('has the codes in order, each with a kind of its own', () => {
    assert.deepEqual(CODES, CODES.toSorted());
    assert.equal(new Set(CODES.map((code) => kindOf({ code }))).size, CODES.length);
  });

  it('lets nothing pass that ends a run, and leaves a sign-in to whoever manages the connection', () => {
    for (const code of CODES) {
      assert.ok(!(mayPass({ code }) && endsRun({ code })), code);
      assert.equal(isSignInFailure({ code }), FAILURES[code].actor === 'connection', code);
    }
  });

  // A code is written where its failure is made. Whatever depends on one asks the table.
  it('is the only one that knows what a code means', () => {
    const spelled = /[!=]== 'JIT|startsWith\('JIT|\/\^?JIT|\bcase 'JIT|includes\('JIT|\['JIT\d/;
    // What may stay of a mutant is written as the code was.
    const files = ['tasks', 'scripts']
      .flatMap((folder) => filesBelow(folder, '.ts'))
      .filter((file) => !file.startsWith('scripts/mutation/explained/'));
    assert.ok(files.length > 200);
    const guilty = files.filter((file) => spelled.test(read(file)));
    assert.deepEqual(guilty, []);
  });
});
