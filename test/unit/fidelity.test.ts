import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { WEAK } from '../../scripts/fidelity/assumption';
import { ALL_ASSUMPTIONS, CARRIERS } from '../../scripts/fidelity/assumptions';
import { fileOf, list } from '../../scripts/fidelity/page';
import { EXPERIMENTS } from '../../scripts/live/experiments';
import { ASSUMED_FILE, parseFindings } from '../support/azure/findings';
import { SWITCH_NAMES } from '../support/azure/switches';
import { filesBelow, read, ROOT } from '../support/docs/documents';

const byId = new Map(ALL_ASSUMPTIONS.map((one) => [one.id, one]));
const cited = ALL_ASSUMPTIONS.flatMap(({ id, where }) =>
  where.map((place) => {
    const [file = '', name = ''] = place.split('#');
    return { id, file, name };
  }),
);

describe('the assumptions about Azure', () => {
  it('name existing places in the code', () => {
    const missing = cited.filter(({ file, name }) => {
      const declares = new RegExp(`^\\s*(export )?(async )?(const|class|function\\*?) ${name}\\b`, 'm');
      return !declares.test(readFileSync(path.join(ROOT, 'tasks', file), 'utf8'));
    });
    assert.deepEqual(missing, []);
  });

  it('have a place for each file that depends on Azure', () => {
    const files = filesBelow('tasks', '.ts')
      .map((file) => file.slice('tasks/'.length))
      .filter((file) => /(^|\/)(azure|nsg)\//.test(file));
    const named = new Set([...cited.map(({ file }) => file), ...CARRIERS]);
    assert.ok(files.length > 40);
    assert.deepEqual(
      files.filter((file) => !named.has(file)),
      [],
      'Say in scripts/fidelity what it assumes.',
    );
    // The files that are listed as mere carriers still exist.
    assert.deepEqual(
      CARRIERS.filter((file) => !files.includes(file)),
      [],
    );
  });

  it('have unique IDs', () => {
    assert.equal(byId.size, ALL_ASSUMPTIONS.length);
  });

  it('are checked by an experiment if they are weak, or explain why not', () => {
    const facts = EXPERIMENTS.map(({ fact }) => fact);
    for (const { id, marks, notTried } of ALL_ASSUMPTIONS) {
      const isWeak = marks.every((mark) => WEAK.includes(mark));
      const isTried = facts.includes(id);
      assert.ok(!isWeak || isTried || notTried !== undefined, id);
      assert.ok(!(isTried && notTried !== undefined), id);
    }
    assert.deepEqual(
      facts.filter((fact) => !byId.has(fact)),
      [],
    );
  });

  it('have separate files for their experiments', () => {
    assert.deepEqual(
      filesBelow('scripts/live/experiments', '.ts'),
      EXPERIMENTS.map(({ fact }) => `scripts/live/experiments/${fileOf(fact)}.ts`).toSorted(),
    );
  });

  it('name each switch of the simulation once', () => {
    const named = ALL_ASSUMPTIONS.flatMap(({ switches = [] }) => switches);
    assert.deepEqual(named.toSorted(), [...SWITCH_NAMES].toSorted());
  });

  it('match the assumptions in the findings file', () => {
    for (const { fact, stand, switches } of parseFindings(readFileSync(ASSUMED_FILE, 'utf8'))) {
      assert.deepEqual(Object.keys(switches).toSorted(), byId.get(fact)?.switches?.toSorted(), fact);
      assert.equal(stand, 'assumed', fact);
    }
  });

  it('match docs/fidelity.md ("npm run docs" updates it)', () => {
    const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim();
    const [, part = ''] = read('docs/fidelity.md').split('<!-- assumptions -->');
    assert.equal(squeeze(part.split('<!-- end of assumptions -->')[0] ?? ''), squeeze(list().join('\n')));
  });
});
