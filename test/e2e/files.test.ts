import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { assertPrivate } from '../support/privateFiles';
import { assertFailed, assertSucceeded, usePackagedTask, type PackagedStep } from '../support/packagedTask';
import { REPORT_TASK, reportOf } from '../support/reportRun';

/** Creates a link to a folder. On Windows, it is a junction, which every user can create. */
const linkFolder = (to: string, at: string) => {
  symlinkSync(to, at, 'junction');
};

/** On Windows, only administrators can create links to files. */
function itWithLinks(title: string, body: () => Promise<void>): void {
  if (process.platform !== 'win32') it(title, body);
}

const FILES = ['jit-report.html', 'jit-report.json', 'jit-requests.csv', 'jit-windows.svg'];

describe('the files of a report', () => {
  const task = usePackagedTask('Node20_1', REPORT_TASK);
  let root = '';
  let work = '';
  let sources = '';
  let outside = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'work-'));
    [work, outside] = [path.join(root, '_work'), path.join(root, 'outside')];
    sources = path.join(work, '1', 's');
    for (const folder of [sources, outside]) mkdirSync(folder, { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** Runs the step as on an agent with this work folder, which can be given as another path to it. */
  const run = (step: PackagedStep, folder: string, named = work) =>
    step.run(
      { outputFolder: folder },
      {
        variables: {
          'Agent.WorkFolder': named,
          'Agent.BuildDirectory': path.join(named, '1'),
          'Build.ArtifactStagingDirectory': path.join(named, '1', 'a'),
          'System.DefaultWorkingDirectory': path.join(named, '1', 's'),
        },
      },
    );

  it("can be read by the agent's user only, in a folder that is created", async () => {
    const made = await run(await task.prepare(), 'reports/jit');
    assertSucceeded(made);
    const folder = path.join(sources, 'reports', 'jit');
    assert.deepEqual(readdirSync(folder).toSorted(), FILES);
    for (const name of FILES) assertPrivate(path.join(folder, name));
    assertPrivate(path.join(path.dirname(folder), 'jit', 'jit-report.json'));
  });

  itWithLinks('replace links from a repository, and leave the targets of the links alone', async () => {
    const precious = path.join(outside, 'precious');
    writeFileSync(precious, 'precious');
    for (const name of FILES) symlinkSync(precious, path.join(sources, name));
    const made = await run(await task.prepare(), '.');
    assertSucceeded(made);
    assert.equal(readFileSync(precious, 'utf8'), 'precious');
    for (const name of FILES) assert.ok(lstatSync(path.join(sources, name)).isFile(), name);
    assert.equal(reportOf(made).vms.length, 1);
  });

  for (const [what, link, folder] of [
    ['at the end', 'reports', 'reports'],
    ['on the way', 'reports', 'reports/jit/new'],
    ['to another folder of the job', 'inside', 'inside/jit'],
  ] as const) {
    it(`are JIT423 if a link ${what} leads elsewhere`, async () => {
      mkdirSync(path.join(outside, 'jit'));
      mkdirSync(path.join(sources, 'deep'));
      linkFolder(link === 'inside' ? path.join(sources, 'deep') : outside, path.join(sources, link));
      const made = await run(await task.prepare(), folder);
      assertFailed(made, 'JIT423', path.join(sources, link));
      assert.deepEqual(made.outputs, {});
      assert.deepEqual(readdirSync(path.join(outside, 'jit')), []);
      assert.deepEqual(readdirSync(outside), ['jit']);
    });
  }

  it('are JIT423 if a link in the folder of the step leads elsewhere, whatever variables say about the folders', async () => {
    const step = await task.prepare();
    const made = await step.run(
      {},
      {
        prepare: (folders) => {
          const reports = path.join(folders.sources, 'reports');
          linkFolder(outside, reports);
          const names = ['Agent.WorkFolder', 'Agent.BuildDirectory', 'System.DefaultWorkingDirectory'];
          const nowhere = Object.fromEntries(names.map((name) => [name, path.join(root, 'nowhere')]));
          return { ...nowhere, 'Build.ArtifactStagingDirectory': reports };
        },
      },
    );
    assertFailed(made, 'JIT423', 'reports');
    assert.deepEqual(readdirSync(outside), []);
  });

  it('are JIT423 if a link leads elsewhere from a work folder that was entered under another name', async () => {
    const other = path.join(root, 'other');
    linkFolder(work, other);
    linkFolder(outside, path.join(sources, 'reports'));
    const made = await run(await task.prepare(), path.join(other, '1', 's', 'reports'));
    assertFailed(made, 'JIT423', 'reports');
    assert.deepEqual(readdirSync(outside), []);
  });

  it("are written if an administrator's link leads elsewhere, above the work folder or outside it", async () => {
    const [named, share] = [path.join(root, 'named'), path.join(root, 'share')];
    linkFolder(work, named);
    linkFolder(outside, share);
    const [below, beside] = await Promise.all([task.prepare(), task.prepare()]);
    assertSucceeded(await run(below, 'reports', named));
    assertSucceeded(await run(beside, share));
    assert.deepEqual(readdirSync(path.join(sources, 'reports')).toSorted(), FILES);
    assert.deepEqual(readdirSync(outside).toSorted(), FILES);
  });

  it('are JIT423 if a folder has the name of a file, and nothing else is left behind', async () => {
    mkdirSync(path.join(sources, 'jit-report.json'));
    const made = await run(await task.prepare(), '');
    assertSucceeded(made);
    assertFailed(await run(await task.prepare(), '.'), 'JIT423', sources, 'EISDIR');
    assert.deepEqual(
      readdirSync(sources).filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('are JIT423 if the folder is a file', async () => {
    writeFileSync(path.join(sources, 'file'), '');
    for (const folder of ['file', 'file/below']) {
      assertFailed(await run(await task.prepare(), folder), 'JIT423', 'file');
    }
    assert.ok(existsSync(path.join(sources, 'file')));
  });

  it('do not change the modes of an existing folder', async () => {
    const mode = statSync(sources).mode;
    assertSucceeded(await run(await task.prepare(), '.'));
    assert.equal(statSync(sources).mode, mode);
  });
});
