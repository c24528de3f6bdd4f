import assert from 'node:assert/strict';
import { bundledPackages, findDuplicates, findExternals } from '../../scripts/bundledPackages';
import type { BundleRecord } from '../../scripts/bundledPackages';
import { readLicences } from '../../scripts/licensedPackages';
import { formatNotices } from '../../scripts/notices';
import { ROOT } from '../../scripts/stage';
import { entryPoints } from '../../scripts/tasks';
import { findComplaints } from '../../scripts/tfx';
import { parseVersion, withTaskVersion } from '../../scripts/version';
import { findDifferences } from '../../scripts/vsix';

const TOY = { id: '00000000-0000-0000-0000-000000000000', name: 'Toy', friendlyName: 'Toy' };

/** Returns a bundle of these files. A number of bytes other than 1 can follow a colon. */
function record(
  files: readonly string[],
  imports: BundleRecord['outputs'][string]['imports'] = [],
): BundleRecord {
  const inputs = files.map((file) => {
    const [name = '', bytes = '1'] = file.split(':');
    return [name, { bytesInOutput: Number(bytes) }] as const;
  });
  return { outputs: { 'index.js': { inputs: Object.fromEntries(inputs), imports } } };
}

describe('the content of a bundle', () => {
  it('is listed by package, without removed code', () => {
    const files = [
      'tasks/a.ts',
      'node_modules/q/q.js',
      'node_modules/@azure/x/dist/esm/a.js',
      'node_modules/y/y.js:0',
    ];
    assert.deepEqual(bundledPackages(record(files)), [
      { name: '@azure/x', folder: 'node_modules/@azure/x' },
      { name: 'q', folder: 'node_modules/q' },
    ]);
  });

  it('is rejected if a package comes from two folders', () => {
    const files = ['azure-pipelines-task-lib/task.js', 'other/node_modules/azure-pipelines-task-lib/task.js'];
    const found = findDuplicates(record(files.map((file) => `node_modules/${file}`)));
    assert.deepEqual(found.length, 1);
    assert.match(found[0] ?? '', /^azure-pipelines-task-lib: .*, .*other/);
  });

  it('is rejected if a package comes in two builds', () => {
    const folder = 'node_modules/@azure/core-rest-pipeline/dist';
    const found = findDuplicates(record([`${folder}/esm/index.js:0`, `${folder}/commonjs/index.js`]));
    assert.deepEqual(found.length, 1);
    assert.match(found[0] ?? '', /^@azure\/core-rest-pipeline/);
  });

  it('can share a state file between the builds of a package', () => {
    const folder = 'node_modules/@azure/core-tracing/dist';
    assert.deepEqual(findDuplicates(record([`${folder}/esm/index.js`, `${folder}/commonjs/state.js`])), []);
  });

  it('can import from Node only', () => {
    const imports = ['fs', 'node:fs/promises', 'keytar', 'keytar'].map((path) => ({ path, external: true }));
    assert.deepEqual(findExternals(record([], imports), ['fs', 'fs/promises']), ['keytar']);
  });
});

describe('the notices', () => {
  it('contain the name, version, and license text of each package once', async () => {
    const [mocha] = await readLicences(ROOT, [{ name: 'mocha', folder: 'node_modules/mocha' }]);
    assert.ok(mocha);
    const notices = await formatNotices(ROOT, [mocha, mocha]);
    assert.equal(notices.match(/^mocha \d+\.\d+\.\d+ \(MIT\)$/gm)?.length, 1);
    assert.match(notices, /Permission is hereby granted/);
  });
});

describe('a program of a task', () => {
  const handlers = (target: string): Record<string, { target: string }> => ({
    Node20_1: { target },
    Node24: { target },
  });

  it('is built once for all handlers that start it', () => {
    const definition = {
      ...TOY,
      version: { Major: 1, Minor: 0, Patch: 0 },
      execution: handlers('index.js'),
      postjobexecution: handlers('post.js'),
    };
    assert.deepEqual(entryPoints({ folder: 'tasks/Toy/ToyV1', definition }), [
      { source: 'tasks/Toy/ToyV1/src/index.ts', target: 'tasks/Toy/ToyV1/index.js' },
      { source: 'tasks/Toy/ToyV1/src/post.ts', target: 'tasks/Toy/ToyV1/post.js' },
    ]);
  });
});

describe('the output of tfx', () => {
  it('has no problems if it only reports', () => {
    const report = '\n=== Completed operation: create extension ===\n - VSIX: /tmp/warning: a.vsix\n';
    assert.deepEqual(findComplaints(report, '\n'), []);
  });

  it('has problems if it contains warnings, even in color, or error output', () => {
    const coloured =
      '\u001b[43mwarning: Please, make sure the task.json file is correct.\u001b[49m\n - VSIX: a';
    assert.equal(findComplaints(coloured, '').length, 1);
    assert.deepEqual(findComplaints('', 'error: no\n'), ['error: no']);
  });
});

describe('the version', () => {
  it('of a task has its own major version, and the rest from package.json', () => {
    const definition = { ...TOY, version: { Major: 3, Minor: 0, Patch: 0 } };
    const version = parseVersion({ version: '1.12.5' });
    assert.deepEqual(withTaskVersion(definition, version).version, { Major: 3, Minor: 12, Patch: 5 });
  });

  it('has three numbers', () => {
    for (const version of ['1.2', '1.2.3-beta.1', undefined]) assert.throws(() => parseVersion({ version }));
  });
});

describe('the content of a package', () => {
  it('is rejected if a file is missing or unexpected', () => {
    const byTfx = ['[Content_Types].xml', 'extension.vsixmanifest', 'extension.vsomanifest'];
    assert.deepEqual(findDifferences([...byTfx, 'a'], ['a']), []);
    assert.deepEqual(findDifferences([...byTfx, 'node_modules/b.js'], ['a']), [
      'node_modules/b.js does not belong in it.',
      'a is missing.',
    ]);
  });
});
