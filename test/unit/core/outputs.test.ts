import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { fitOutputs, LONGEST_OUTPUT } from '../../../tasks/shared/core/outputs';
import { whyNotStarted } from '../../support/agent/startLimits';

/** Short and long texts, with characters of one, two, and three bytes. */
const text = fc
  .tuple(fc.constantFrom('a', 'ö', '\u20ac', '\u{1f600}', '"'), fc.nat(9000))
  .map(([character, count]) => character.repeat(count));

describe('bounded outputs', () => {
  it('are never longer than 30,000 characters, and contain complete entries from the first one on', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 12 }), (one, many) => {
        const entries = many.map((name, index) => ({ index, name }));
        const fitted = fitOutputs({ texts: { one }, lists: { many }, table: { name: 'all', entries } });
        const [single, list, table] = fitted;
        assert.ok(single && list && table);
        for (const output of fitted) assert.ok(output.text.length <= 30_000, output.name);
        assert.equal(single.text, one.length > 30_000 ? '' : one);
        assert.equal(list.text, many.slice(0, list.shown).join(','));
        assert.deepEqual(JSON.parse(table.text), entries.slice(0, table.shown));
        for (const { shown, total } of [list, table]) assert.equal(total, many.length, String(shown));
        const next = [
          ...(JSON.parse(table.text) as unknown[]),
          ...entries.slice(table.shown, table.shown + 1),
        ];
        if (table.shown < table.total) assert.ok(JSON.stringify(next).length > 30_000);
        if (list.shown < list.total) assert.ok(many.slice(0, list.shown + 1).join().length > 30_000);
      }),
    );
  });

  it('are an empty list or array if there is nothing, or if the first entry does not fit', () => {
    const texts = (entries: readonly object[], many: readonly string[]) =>
      fitOutputs({ texts: {}, lists: { many }, table: { name: 'all', entries } }).map(
        ({ text: shown, total }) => [shown, total],
      );
    const long = 'x'.repeat(LONGEST_OUTPUT + 1);
    assert.deepEqual(texts([], []), [
      ['', 0],
      ['[]', 0],
    ]);
    assert.deepEqual(texts([{ long }, {}], [long, 'a']), [
      ['', 2],
      ['[]', 2],
    ]);
  });

  it('contain no agent command in their JSON, and parse back to the same value', () => {
    const entries = [{ name: '##vso[task.setvariable variable=x]y ###', one: '#\u200b#vso #' }];
    const [table] = fitOutputs({ texts: {}, table: { name: 'all', entries } });
    assert.doesNotMatch(table?.text ?? '', /#\p{Cf}*#/u);
    assert.deepEqual(JSON.parse(table?.text ?? ''), entries);
  });

  it('allow a process to start even if every character takes three bytes', () => {
    const [output] = fitOutputs({ texts: { name: '\u20ac'.repeat(LONGEST_OUTPUT) } });
    const env = { ...process.env, ['N'.repeat(500)]: output?.text ?? '' };
    assert.equal(output?.text.length, LONGEST_OUTPUT);
    assert.equal(whyNotStarted(env as Record<string, string>), undefined);
    assert.equal(spawnSync(process.execPath, ['-e', ''], { env }).status, 0);
  });
});
