import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readNote, writeNote } from '../../../tasks/JitOpenPorts/JitOpenPortsV1/src/host/notes';
import type { Host } from '../../../tasks/shared/host/host';
import { createFakeHost } from '../../support/fakes/fakeHost';

const NAME = 'JIT_STATE';

describe('the note of a step', () => {
  let folder: string;
  let host: Host;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'note-'));
    const fake = createFakeHost({ variables: { 'Agent.TempDirectory': folder } }).host;
    const token = (key: string): string => (key === 'AccessToken' ? 'the token of the job' : '');
    host = { ...fake, readConnection: (id) => ({ ...fake.readConnection(id), parameter: token }) };
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [what, text, files] of [
    ['short', 'what is open', 0],
    ['long', 'what is open '.repeat(1000), 0],
    ['too long for a variable', randomBytes(20_000).toString('hex'), 1],
  ] as const)
    it(`is read back if it is ${what}`, () => {
      writeNote(host, NAME, text);
      assert.ok(host.readTaskVariable(NAME).length < 10_000);
      assert.deepEqual(readNote(host, NAME), { text, isGenuine: true });
      assert.equal(readdirSync(folder).length, files);
    });

  it('names a file only if it is genuine: no variable of the pipeline chooses what is read', () => {
    const file = path.join(folder, 'other');
    writeFileSync(file, 'other text');
    const hash = createHash('sha256').update('other text').digest('hex');
    for (const seal of ['', 'sealed::', 'sealed:x:']) {
      host.setTaskVariable(NAME, `${seal}file:${hash}:${file}`);
      const { text, isGenuine } = readNote(host, NAME);
      assert.equal(isGenuine, false);
      assert.ok(!text.includes('other text'), text);
    }
  });
});
