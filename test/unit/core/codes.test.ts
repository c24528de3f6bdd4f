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

describe('the failure table', () => {
  const table: readonly (readonly [string, (failure: { code: Code }) => boolean, readonly Code[]])[] = [
    ['may pass', mayPass, ['JIT406', 'JIT602', 'JIT603', 'JIT604']],
    ['end a run', endsRun, ['JIT101', 'JIT102', 'JIT201', 'JIT202', 'JIT203', 'JIT801', 'JIT901']],
    ['say that something is not there', isAbsence, ['JIT406']],
    ['are of the sign-in', isSignInFailure, ['JIT201', 'JIT202', 'JIT203']],
    ['are a silence of Azure', isSilence, ['JIT601', 'JIT602', 'JIT603', 'JIT604']],
  ];
  for (const [what, is, expected] of table) {
    it(`defines which failures ${what}`, () => {
      assert.deepEqual(
        CODES.filter((code) => is({ code })),
        expected,
      );
    });
  }

  it('lists the codes in order, each with a kind of its own', () => {
    assert.deepEqual(CODES, CODES.toSorted());
    assert.equal(new Set(CODES.map((code) => kindOf({ code }))).size, CODES.length);
  });

  it('marks no run-ending failure as passing, and assigns exactly the sign-in failures to the owner of the connection', () => {
    for (const code of CODES) {
      assert.ok(!(mayPass({ code }) && endsRun({ code })), code);
      assert.equal(isSignInFailure({ code }), FAILURES[code].actor === 'connection', code);
    }
  });

  // A code is only written where its failure is created. Code that depends on the kind of failure uses the table.
  it('is the only place that interprets codes', () => {
    const spelled = /[!=]== 'JIT|startsWith\('JIT|\/\^?JIT|\bcase 'JIT|includes\('JIT|\['JIT\d/;
    // The explanations of surviving mutants quote the code as it was.
    const files = ['tasks', 'scripts']
      .flatMap((folder) => filesBelow(folder, '.ts'))
      .filter((file) => !file.startsWith('scripts/mutation/explained/'));
    assert.ok(files.length > 200);
    const guilty = files.filter((file) => spelled.test(read(file)));
    assert.deepEqual(guilty, []);
  });
});
