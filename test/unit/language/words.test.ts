import assert from 'node:assert/strict';
import { groupBy } from '../../../tasks/shared/core/groupBy';
import {
  allTexts,
  textsOfDocument,
  textsOfJson,
  textsOfProgram,
  textsOfYaml,
} from '../../support/language/texts';
import { findUnwanted } from '../../support/language/words';

describe('the words for readers', () => {
  const files = groupBy(allTexts(), ({ file }) => file);

  for (const [file, texts] of files) {
    it(`are those of the field in ${file}`, () => {
      const found = texts.flatMap(({ line, text }) =>
        findUnwanted(text).map((one) => `${file}:${String(line)} ${one}`),
      );
      assert.deepEqual(found, []);
    });
  }

  it('are checked in programs, documents, task.json files, and examples', () => {
    for (const part of [
      'tasks/shared/messages/',
      'web/',
      'README.md',
      'docs/',
      'tasks/JitReport/JitReportV1/task.json',
      'examples/',
    ])
      assert.ok(
        [...files.keys()].some((file) => file.startsWith(part)),
        part,
      );
  });
});

describe('the search for unwanted words', () => {
  it('checks the string literals and templates of a program, but not comments', () => {
    const program =
      "// a cure in a comment\nexport const a = (n: string) => `the cure for ${n} is`;\nconst key = 'cure';";
    const texts = textsOfProgram('a.ts', program).map(({ line, text }) => [line, text]);
    assert.deepEqual(texts, [[2, 'the cure for … is']]);
  });

  it('checks the prose of a document, but not code', () => {
    const found = textsOfDocument(
      'a.md',
      '# A cure\n\nText `cure` [may not](https://cure.test)\n\n```\ncure it\n```\n',
    );
    assert.deepEqual(
      found.map(({ text }) => text),
      ['A cure', 'Text … may not'],
    );
  });

  it('checks the values of JSON, and the comments of YAML', () => {
    assert.deepEqual(
      textsOfJson('a.json', '{"a cure": {"b": "Has a cure"}}').map(({ text }) => text),
      ['Has a cure'],
    );
    assert.deepEqual(textsOfYaml('a.yml', 'a: b # a cure\n'), [{ file: 'a.yml', line: 1, text: 'a cure' }]);
  });

  for (const [text, isUnwanted] of [
    ['The cure is simple.', true],
    ['The agent may not\nread it.', true],
    ['The organisation refuses it.', true],
    ['The rule lets the agent in.', true],
    ['Let the step run in a container.', false],
    ['A secured obscure odd-numbered port.', false],
    ['The organization does not allow it.', false],
  ] as const)
    it(`${isUnwanted ? 'finds' : 'passes'} "${text.replaceAll('\n', ' ')}"`, () => {
      assert.equal(findUnwanted(text).length > 0, isUnwanted);
    });
});
