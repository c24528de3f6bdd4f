import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stage } from '../../scripts/stage';
import { createVsix } from '../../scripts/tfx';
import { unpack } from '../support/agent/unpack';

describe('packing twice', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'twice-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function pack(name: string): Promise<ReadonlyMap<string, string>> {
    const place = (file: string): string => path.join(folder, name, file);
    await stage(place('stage'));
    await createVsix(place('stage'), place('it.vsix'));
    const files = await unpack(place('it.vsix'), place('unpacked'));
    return new Map(
      files.toSorted().map((file) => [file, readFileSync(path.join(place('unpacked'), file), 'base64')]),
    );
  }

  it('gives the same files with the same bytes', async () => {
    const [one, other] = [await pack('one'), await pack('other place')];
    assert.deepEqual([...one.keys()], [...other.keys()]);
    assert.ok(one.size > 5);
    for (const [file, bytes] of one) assert.ok(bytes === other.get(file), `${file} differs.`);
  });
});
