import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '../../../tasks/shared/core/errors';
import { outputFolder } from '../../../tasks/JitReport/JitReportV1/src/host/folders';
import { writeFiles } from '../../../tasks/JitReport/JitReportV1/src/host/writeFiles';
import { createFakeHost } from '../../support/fakes/fakeHost';

describe('on the agent', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'jit-files-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describe('the files of a report', () => {
    it('are written to a new folder, and replace files with the same names', async () => {
      const deep = path.join(folder, 'a', 'b');
      const first = await writeFiles(deep, { 'one.txt': 'old', 'two.txt': '' }, []);
      assert.deepEqual(first, {
        'one.txt': path.join(deep, 'one.txt'),
        'two.txt': path.join(deep, 'two.txt'),
      });
      await writeFiles(deep, { 'one.txt': 'größer\u{1f600}' }, []);
      assert.equal(readFileSync(first['one.txt'], 'utf8'), 'größer\u{1f600}');
      assert.equal(readFileSync(first['two.txt'], 'utf8'), '');
    });

    it('can be written by many processes at once to one folder, which one of them creates', async () => {
      const deep = path.join(folder, 'a', 'b', 'c');
      const texts = Array.from({ length: 20 }, (_none, index) => String(index));
      await Promise.all(texts.map((text) => writeFiles(deep, { 'one.txt': text }, [folder])));
      assert.deepEqual(readdirSync(deep), ['one.txt']);
      assert.ok(texts.includes(readFileSync(path.join(deep, 'one.txt'), 'utf8')));
    });

    it('are JIT423 if they cannot be written, with the folder and the reason', async () => {
      const file = path.join(folder, 'file');
      writeFileSync(file, '');
      for (const wrong of [file, path.join(file, 'below')]) {
        await assert.rejects(writeFiles(wrong, { 'one.txt': '' }, []), (error) => {
          assert.ok(error instanceof CodedError && error.code === 'JIT423', String(error));
          assert.ok(error.message.includes(wrong) && /\(E\w+\)/.test(error.message), error.message);
          return true;
        });
      }
      await assert.rejects(writeFiles(folder, { 'a\0b': '' }, []), { code: 'JIT423' });
    });

    it('are named if a later one cannot be replaced, because the others are from an earlier report', async () => {
      writeFileSync(path.join(folder, 'one.txt'), 'old');
      mkdirSync(path.join(folder, 'two.txt'));
      writeFileSync(path.join(folder, 'three.txt'), 'old');
      const texts = { 'one.txt': 'new', 'two.txt': 'new', 'three.txt': 'new' };
      await assert.rejects(writeFiles(folder, texts, []), (error) => {
        assert.ok(error instanceof CodedError && error.code === 'JIT423', String(error));
        assert.match(error.seen, /Only one\.txt was written\..*earlier report/);
        return true;
      });
      const found = ['one.txt', 'three.txt'].map((name) => readFileSync(path.join(folder, name), 'utf8'));
      assert.deepEqual(found, ['new', 'old']);
      assert.deepEqual(readdirSync(folder).toSorted(), ['one.txt', 'three.txt', 'two.txt']);
    });

    // Only Linux has such a folder.
    if (existsSync('/proc/self')) {
      it('are JIT423 if the system denies a new folder in an existing one', async () => {
        await assert.rejects(writeFiles('/proc/nope/deeper', { 'one.txt': '' }, []), { code: 'JIT423' });
      });
    }
  });

  describe('the output folder', () => {
    it('is the given folder, or otherwise the folder for artifacts, for temporary files, or the working folder', () => {
      const [work, staging, temporary, other] = ['work', 'staging', 'temporary', 'other'].map((name) =>
        path.resolve(`/${name}`),
      );
      assert.ok(work && staging && temporary && other);
      const WORK = { 'System.DefaultWorkingDirectory': work };
      const TEMPORARY = { ...WORK, 'Agent.TempDirectory': temporary };
      const all = { ...TEMPORARY, 'Build.ArtifactStagingDirectory': staging };
      const folderOf = (given: string, variables: Record<string, string>) =>
        outputFolder(createFakeHost({ variables }).host, given);
      assert.deepEqual(
        [
          folderOf('reports/jit', all),
          folderOf(other, all),
          folderOf('', all),
          folderOf('', TEMPORARY),
          folderOf('', WORK),
        ],
        [path.join(work, 'reports', 'jit'), other, staging, temporary, work],
      );
    });
  });
});
