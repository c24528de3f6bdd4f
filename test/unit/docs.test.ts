import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  DOCUMENTED,
  generatedParts,
  inputsList,
  outputsList,
  shortInputs,
  withGeneratedParts,
} from '../../scripts/docTables';
import { listingText, MARKETPLACE_PAGE } from '../../scripts/listing/text';
import { findTasks } from '../../scripts/tasks';
import { CODES, FAILURES, type Actor } from '../../tasks/shared/core/codes';
import { DOCUMENTS as REFERENCED, documentNamed } from '../../tasks/shared/messages/documents';
import { DOCUMENTS, parseDocument, read, ROOT } from '../support/docs/documents';

describe('the generated parts', () => {
  for (const [file, parts] of Object.entries(generatedParts(ROOT))) {
    it(`of ${file} match the task.json files, roles, and codes ("npm run docs" updates them)`, async () => {
      assert.equal(read(file), await withGeneratedParts(path.join(ROOT, file), read(file), parts));
    });

    it(`of ${file} are readable in the source, with no cell padded to more than 100 characters`, () => {
      const cells = read(file)
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .flatMap((line) => line.split(/(?<!\\)\|/));
      assert.deepEqual(
        cells.filter((cell) => cell.length > 102),
        [],
      );
    });
  }

  it('include every task', async () => {
    const folders = (await findTasks(ROOT)).map(({ folder }) => folder.split('/')[1]);
    assert.deepEqual(DOCUMENTED.map(({ task }) => task).toSorted(), folders.toSorted());
  });

  const TASK = {
    inputs: [
      {
        ...{ name: 'connectedServiceName', aliases: ['azureSubscription'], type: 'connectedService:AzureRM' },
        ...{ required: true, defaultValue: '', helpMarkDown: 'A|B. [C](docs/c.md#d)' },
      },
      {
        ...{ name: 'waitFor', type: 'pickList', required: false, defaultValue: 'one' },
        ...{ options: { one: 'One', two: 'Two' }, helpMarkDown: 'Second.' },
      },
      { name: 'vmQuery', type: 'string', required: false, defaultValue: '', helpMarkDown: 'Third.' },
    ],
    outputVariables: [{ name: 'host', description: 'Where.' }],
  };

  it('name every input with its aliases, default, values, and help, and every output', () => {
    assert.deepEqual(
      inputsList(TASK).filter((line) => line !== ''),
      [
        '- **`azureSubscription`** or **`connectedServiceName`**: required.',
        '  A|B. [C](c.md#d)',
        '- **`waitFor`**: default `one`; one of `one`, `two`.',
        '  Second.',
        '- **`vmQuery`**: empty by default.',
        '  Third.',
      ],
    );
    assert.deepEqual(
      outputsList(TASK, 'jit').filter((line) => line !== ''),
      ['- **`$(jit.host)`**: Where.'],
    );
  });

  it('have one sentence for each input in the short table, and no input without one', () => {
    const rows = shortInputs(TASK).slice(2);
    assert.deepEqual(
      rows.map((row) => row.split(' | ').slice(0, 2)),
      [
        ['| `azureSubscription`', 'required'],
        ['| `waitFor`', '`one`'],
        ['| `vmQuery`', 'empty'],
      ],
    );
    for (const row of shortInputs(JSON.parse(read(OPEN_PORTS)) as typeof TASK).slice(2)) {
      assert.equal(row.match(/\.(?= |$)/g)?.length, 1, row);
    }
    assert.throws(() => shortInputs({ ...TASK, inputs: [{ ...TASK.inputs[2]!, name: 'none' }] }), /none/);
  });
});

const OPEN_PORTS = 'tasks/JitOpenPorts/JitOpenPortsV1/task.json';

describe('the Marketplace page', () => {
  const repository = { url: 'https://github.com/owner/name', tag: 'v1.2.3' };
  const page = read(MARKETPLACE_PAGE);

  it('has every code once, with its resolution', () => {
    const rows = [...page.matchAll(/^\| (JIT\d+) +\| \S.*? \| (\S.*?) +\|$/gm)];
    assert.deepEqual(
      rows.map(([, code]) => code),
      CODES,
    );
    for (const [row, , resolution = ''] of rows) assert.match(resolution, /^[A-Z].*\.$/, row);
  });

  it('has no relative links without a repository, and does not mention documents that it does not have', () => {
    const { targets } = parseDocument('x.md', listingText(page, MARKETPLACE_PAGE, undefined));
    assert.deepEqual(
      targets.filter((target) => !/^https:\/\/learn\.microsoft\.com\/|^images\//.test(target)),
      [],
    );
    assert.doesNotMatch(
      listingText(page, MARKETPLACE_PAGE, undefined),
      /first steps|\brecipes?\b|troubleshooting/i,
    );
  });

  it('links to the documents with a repository', () => {
    const { targets } = parseDocument('x.md', listingText(page, MARKETPLACE_PAGE, repository));
    const files = targets.filter((target) => target.startsWith(`${repository.url}/blob/v1.2.3/`));
    assert.ok(files.length > 10, files.join(' '));
  });

  it('has a dry run that differs from the first real step only in dryRun', () => {
    const steps = parseDocument('x.md', page)
      .blocks.map(({ text }) => text)
      .filter((text) => text.startsWith('trigger: none'));
    assert.equal(steps.length, 2);
    const [dry = '', real = ''] = steps;
    assert.equal(dry.replace('      dryRun: true\n', ''), real.replace(/\n {2}- script: .*\n$/, ''));
    assert.notEqual(dry, dry.replace('      dryRun: true\n', ''));
  });

  for (const name of Object.keys(REFERENCED) as (keyof typeof REFERENCED)[])
    it(`and the documents have the section that messages refer to: ${name}`, () => {
      const { file, section } = REFERENCED[name];
      assert.ok(existsSync(path.join(ROOT, file)), file);
      assert.match(page, new RegExp(`^#{2,3} ${section}$`, 'm'));
      assert.ok(documentNamed(name).includes(`"${section}"`));
      assert.equal(documentNamed(name, 'https://a.example/{file}'), `https://a.example/${file}`);
    });
});

/** The names of the actors in the contract. */
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

  it('name only existing files', () => {
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

  it('list every code once in the contract, with who can act', () => {
    const rows = read('docs/contract.md').matchAll(/^\| (JIT\d+) \| [^|]* \| ([^|]*?) *\|$/gm);
    assert.deepEqual(
      [...rows].map(([, code, who]) => [code, who]),
      CODES.map((code) => [code, ACTORS[FAILURES[code].actor]]),
    );
  });

  it('mention only existing codes', () => {
    const codes: readonly string[] = CODES;
    for (const { file, text } of DOCUMENTS) {
      const unknown = [...text.matchAll(/JIT\d+/g)].filter(([code]) => !codes.includes(code));
      assert.deepEqual(unknown, [], file);
    }
  });

  for (const { file, targets } of DOCUMENTS) {
    it(`link only to existing files and headings: ${file}`, () => {
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

  it('give headings the same anchors as GitHub', () => {
    const { anchors, targets } = parseDocument(
      'x.md',
      '# `a_b`: C, d?\n## Two\n## Two\n<a id="old"></a>\n\n[x](#two) ![y](z.png)\n',
    );
    assert.deepEqual([...anchors], ['a_b-c-d', 'two', 'two-1', 'old']);
    assert.deepEqual(targets, ['#two', 'z.png']);
  });

  it('have the same flow diagram in both places', () => {
    const flow = (file: string): string | undefined => /^```\n agent [\s\S]*?^```$/m.exec(read(file))?.[0];
    assert.ok(flow('docs/architecture.md'));
    assert.equal(flow('CONTRIBUTING.md'), flow('docs/architecture.md'));
  });

  it('name only existing npm scripts', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const { file, text } of DOCUMENTS) {
      for (const [, name = ''] of text.matchAll(/npm run ([\w:]+)/g)) {
        assert.ok(name in scripts, `${file} names npm run ${name}`);
      }
    }
  });
});
