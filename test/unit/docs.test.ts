import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { DOCUMENTED, withTables, type DocumentedTask } from '../../scripts/docTables';
import { findTasks } from '../../scripts/tasks';
import { CODES, FAILURES, type Actor } from '../../tasks/shared/core/codes';
import { DOCUMENTS, parseDocument, read, ROOT } from '../support/docs/documents';

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

/** Who acts, as the contract says it. */
const ACTORS: Readonly<Record<Actor, string>> = {
  pipeline: 'the author of the pipeline',
  connection: 'the owner of the service connection',
  azure: 'the owner of the Azure resources',
  agent: 'the operator of the agent and its network',
  nobody: 'no one',
  makers: 'the maintainers of this extension',
};

describe('the documents', () => {
  for (const code of CODES) {
    it(`have the symptom, cause, and resolution of ${code}`, () => {
      const sections = read('docs/troubleshooting.md').split(/^## /m);
      const found = sections.filter((section) => section.startsWith(`${code}: `));
      assert.equal(found.length, 1);
      const parts = [...(found[0] ?? '').matchAll(/^\*\*(\w+)\.\*\* \S/gm)].map(([, part]) => part);
      assert.deepEqual(parts, ['Symptom', 'Cause', 'Resolution']);
    });
  }

  it('name files that are there', () => {
    const files = ['tasks', 'web', 'test', 'scripts', 'publishing'].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        `/${folder}/${file}`.replaceAll(path.sep, '/'),
      ),
    );
    const named = DOCUMENTS.flatMap((document) =>
      [...document.text.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file = '']) => file),
    );
    const missing = named.filter((file) => !files.some((one) => one.endsWith(`/${file}`)));
    assert.deepEqual(missing, []);
    assert.ok(named.length > 50, String(named.length));
  });

  it('list every code once in the contract, with who has to act', () => {
    const rows = read('docs/contract.md').matchAll(/^\| (JIT\d+) \| [^|]* \| ([^|]*?) *\|$/gm);
    assert.deepEqual(
      [...rows].map(([, code, who]) => [code, who]),
      CODES.map((code) => [code, ACTORS[FAILURES[code].actor]]),
    );
  });

  it('mention no code that does not exist', () => {
    const codes: readonly string[] = CODES;
    for (const { file, text } of DOCUMENTS) {
      const unknown = [...text.matchAll(/JIT\d+/g)].filter(([code]) => !codes.includes(code));
      assert.deepEqual(unknown, [], file);
    }
  });

  for (const { file, targets } of DOCUMENTS) {
    it(`link to files and headings that are there: ${file}`, () => {
      for (const target of targets) {
        if (/^https?:/.test(target)) continue;
        const [to = '', anchor] = target.split('#');
        const linked = to === '' ? file : path.posix.join(path.posix.dirname(file), decodeURI(to));
        assert.ok(existsSync(path.join(ROOT, linked)), `${file} links to ${target}`);
        if (anchor === undefined) continue;
        const { anchors } = DOCUMENTS.find((document) => document.file === linked) ?? {};
        assert.ok(anchors?.has(anchor), `${file} links to ${target}`);
      }
    });
  }

  it('give headings the anchors of GitHub', () => {
    const { anchors, targets } = parseDocument(
      'x.md',
      '# `a_b`: C, d?\n## Two\n## Two\n<a id="old"></a>\n\n[x](#two) ![y](z.png)\n',
    );
    assert.deepEqual([...anchors], ['a_b-c-d', 'two', 'two-1', 'old']);
    assert.deepEqual(targets, ['#two', 'z.png']);
  });

  it('draw the flow once, and the same in both places', () => {
    const flow = (file: string): string | undefined => /^```\n agent [\s\S]*?^```$/m.exec(read(file))?.[0];
    assert.ok(flow('docs/architecture.md'));
    assert.equal(flow('CONTRIBUTING.md'), flow('docs/architecture.md'));
  });

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const { file, text } of DOCUMENTS) {
      for (const [, name = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(name in scripts, `${file} names npm run ${name}`);
      }
    }
  });
});
