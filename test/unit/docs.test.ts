import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DOCUMENTED, withTables, type DocumentedTask } from '../../scripts/docTables';
import { findTasks } from '../../scripts/tasks';
import { CODES } from '../../tasks/shared/errors';

const ROOT = path.resolve(__dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** All Markdown files of the repository's root and of docs/. */
const DOCUMENTS = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`),
];

describe('README.md', () => {
  for (const [folder, place] of DOCUMENTED) {
    it(`has the inputs and outputs of ${folder}; "npm run docs" writes them`, async () => {
      const task = JSON.parse(read(`tasks/${folder}/task.json`)) as DocumentedTask;
      const readme = read('README.md');
      assert.equal(readme, await withTables(readme, path.join(ROOT, 'README.md'), task, place));
    });
  }

  it('has the tables of every task', async () => {
    const folders = (await findTasks(ROOT)).map(({ folder }) => folder.replace(/^tasks\//, ''));
    assert.deepEqual(DOCUMENTED.map(([folder]) => folder).toSorted(), folders.toSorted());
  });

  it('names every input and output of task.json in its tables', async () => {
    const inputs = [
      {
        name: 'one',
        aliases: ['uno'],
        type: 'string',
        required: true,
        defaultValue: '',
        helpMarkDown: 'A|B',
      },
      { name: 'two', type: 'string', required: false, defaultValue: '2', helpMarkDown: 'Second.' },
    ];
    const task = { inputs, outputVariables: [{ name: 'host', description: 'Where.' }] };
    const empty = '<!-- inputs -->\nold\n<!-- /inputs -->\n\n<!-- outputs -->\n<!-- /outputs -->\n';
    const text = (await withTables(empty, path.join(ROOT, 'README.md'), task)).replace(/ +/g, ' ');
    assert.ok(text.includes('| `one` or `uno` | required | A\\|B |'), text);
    assert.ok(text.includes('| `two` | `2` | Second. |'), text);
    assert.ok(text.includes('| `$(jit.host)` | Where. |'), text);
    assert.ok(!text.includes('old'));
  });
});

describe('the documents', () => {
  for (const code of CODES) {
    it(`tell the symptom, cause and cure of ${code}`, () => {
      const sections = read('docs/troubleshooting.md').split(/^## /m);
      const found = sections.filter((section) => section.startsWith(`${code}: `));
      assert.equal(found.length, 1);
      for (const part of ['Symptom', 'Cause', 'Cure']) {
        assert.match(found[0] ?? '', new RegExp(`^\\*\\*${part}\\.\\*\\* \\S`, 'm'));
      }
    });
  }

  it('list every code once in the contract', () => {
    const rows = [...read('docs/contract.md').matchAll(/^\| (JIT\d+) /gm)].map(([, code]) => code);
    assert.deepEqual(rows, [...CODES]);
  });

  it('mention no code that does not exist', () => {
    const codes: readonly string[] = CODES;
    for (const file of DOCUMENTS) {
      const unknown = [...read(file).matchAll(/JIT\d+/g)].filter(([code]) => !codes.includes(code));
      assert.deepEqual(unknown, [], file);
    }
  });

  it('link to files that are there', () => {
    for (const file of DOCUMENTS) {
      for (const [, target = ''] of read(file).matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|#)/.test(target)) continue;
        const linked = path.join(ROOT, path.dirname(file), target.replace(/#.*$/, ''));
        assert.ok(existsSync(linked), `${file} links to ${target}`);
      }
    }
  });

  it('draw the flow once, and the same in both places', () => {
    const flow = (file: string): string | undefined => /^```\n agent [\s\S]*?^```$/m.exec(read(file))?.[0];
    assert.ok(flow('docs/architecture.md'));
    assert.equal(flow('CONTRIBUTING.md'), flow('docs/architecture.md'));
  });

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const file of DOCUMENTS) {
      for (const [, name = ''] of read(file).matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(name in scripts, `${file} names npm run ${name}`);
      }
    }
  });
});
