import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  judgePart,
  problemsOf,
  textOf,
  type ExplainedSurvivor,
  type TestedMutant,
} from '../../scripts/mutation/judge';
import { MUTATED_PARTS } from '../../scripts/mutation/parts';
import { SURVIVORS } from '../../scripts/mutation/survivors';
import { applied, createTypeCheck } from '../../scripts/mutation/types';
import { ROOT } from '../../scripts/stage';

const FILE = 'tasks/one.ts';
const SOURCE = ['const a = 1;', 'const isLess = (one: number) =>', '  one < 5 || one > 9;', ''].join('\n');

/** Returns the mutant of `one < 5` in the third line. */
const mutant = (given: Partial<TestedMutant> = {}): TestedMutant => ({
  file: FILE,
  location: { start: { line: 3, column: 3 }, end: { line: 3, column: 10 } },
  replacement: 'one <= 5',
  status: 'Survived',
  ...given,
});
const explained: ExplainedSurvivor = {
  ...{ file: FILE, line: 'one < 5 || one > 9;', from: 'one < 5', to: 'one <= 5' },
  why: 'A reason.',
};
const judge = (mutants: readonly TestedMutant[], list: readonly ExplainedSurvivor[] = [], source = SOURCE) =>
  judgePart(mutants, () => source, list);

describe('the text of a mutant', () => {
  it('is the replaced text, with the line on which it begins', () => {
    assert.deepEqual(textOf(mutant(), SOURCE), {
      ...{ file: FILE, line: 'one < 5 || one > 9;', from: 'one < 5', to: 'one <= 5' },
    });
  });

  it('is a single line, even if the mutant has several', () => {
    const location = { start: { line: 2, column: 16 }, end: { line: 3, column: 10 } };
    assert.deepEqual(textOf(mutant({ location, replacement: '() =>\n  undefined' }), SOURCE), {
      ...{ file: FILE, line: 'const isLess = (one: number) =>' },
      ...{ from: '(one: number) => one < 5', to: '() => undefined' },
    });
  });
});

describe('the results of the mutants in a part', () => {
  it('count the mutants that a test or a timeout stops, out of all that ran', () => {
    const states = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'CompileError', 'Ignored'];
    const { died, total, percent } = judge(states.map((status) => mutant({ status })));
    assert.deepEqual([died, total, percent], [2, 4, 50]);
    assert.equal(judge([]).percent, 0, 'a part without mutants is a mistake in the list of files');
  });

  it('recognize an explained mutant after an edit above it', () => {
    const { unexplained, idle, explained: count } = judge([mutant()], [explained]);
    assert.deepEqual([unexplained, idle, count], [[], [], 1]);
    const moved = { start: { line: 4, column: 3 }, end: { line: 4, column: 10 } };
    const later = judge([mutant({ location: moved })], [explained], `// New.\n${SOURCE}`);
    assert.deepEqual([later.unexplained, later.idle, later.explained], [[], [], 1]);
  });

  it('do not apply an explanation to another mutant', () => {
    for (const other of [
      mutant({ replacement: 'false' }),
      mutant({ file: 'tasks/two.ts' }),
      mutant({ location: { start: { line: 3, column: 3 }, end: { line: 3, column: 21 } } }),
    ]) {
      const result = judge([other], [explained]);
      assert.deepEqual([result.unexplained.length, result.idle, result.explained], [1, [explained], 0]);
    }
    const edited = judge([mutant()], [explained], SOURCE.replace('> 9', '> 10'));
    assert.equal(edited.unexplained.length, 1, 'the line is another one');
  });

  it('require action if too few mutants die, one is not explained, or an explanation is unused', () => {
    const dead = Array<TestedMutant>(9).fill(mutant({ status: 'Killed' }));
    assert.deepEqual(problemsOf('part', judge([...dead, mutant()], [explained]), 90), []);
    assert.equal(problemsOf('part', judge([...dead, mutant()], [explained]), 91).length, 1);
    const [lives] = problemsOf('part', judge([...dead, mutant()]), 90);
    assert.ok(lives?.startsWith(`${FILE}:3 lives: one < 5 -> one <= 5`));
    const [idle] = problemsOf('part', judge([mutant({ status: 'Killed' })], [explained]), 90);
    assert.match(idle ?? '', /one < 5 -> one <= 5/);
  });
});

describe('a mutant in its file', () => {
  it('replaces the original text', () => {
    assert.equal(applied(mutant(), SOURCE), SOURCE.replace('one < 5', 'one <= 5'));
    const location = { start: { line: 2, column: 16 }, end: { line: 3, column: 21 } };
    const all = applied(mutant({ location, replacement: '() => undefined' }), SOURCE);
    assert.equal(all, 'const a = 1;\nconst isLess = () => undefined;\n');
  });

  it('is rejected if it is not valid TypeScript', function () {
    this.timeout(60_000);
    const file = 'scripts/mutation/judge.ts';
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    const lines = source.split('\n');
    const line = lines.findIndex((one) => one.startsWith('const LENGTH = ')) + 1;
    const start = { line, column: 'const LENGTH = '.length + 1 };
    const location = { start, end: { line, column: (lines[line - 1] ?? '').length } };
    const { isRefused } = createTypeCheck([file]);
    assert.equal(isRefused(mutant({ file, location, replacement: '"long"' }), source), true);
    assert.equal(isRefused(mutant({ file, location, replacement: '80' }), source), false);
  });
});

describe('the mutation testing configuration', () => {
  it('names existing files and tests', () => {
    for (const { files, tests } of MUTATED_PARTS)
      for (const file of [...files, ...tests]) assert.ok(existsSync(path.join(ROOT, file)), file);
  });

  it('explains survivors only in files that it mutates, each in a sentence', () => {
    const files = MUTATED_PARTS.flatMap((part) => part.files);
    for (const { file, why } of SURVIVORS) {
      assert.ok(files.includes(file), file);
      assert.match(why, /^[A-Z].*\.$/, why);
    }
  });
});
