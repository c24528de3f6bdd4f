import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pack } from '../../scripts/pack';
import { unpack } from '../support/agent/unpack';

describe('packing twice', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'twice-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function packTo(name: string): Promise<ReadonlyMap<string, string>> {
    const place = (file: string): string => path.join(folder, name, file);
    const { vsix } = await pack(path.join(folder, name));
    const files = await unpack(vsix, place('unpacked'));
    return new Map(
      files.toSorted().map((file) => [file, readFileSync(path.join(place('unpacked'), file), 'base64')]),
    );
  }

  it('gives the same files with the same bytes', async () => {
    const [one, other] = [await packTo('one'), await packTo('other place')];
    assert.deepEqual([...one.keys()], [...other.keys()]);
    assert.ok(one.size > 5);
    for (const [file, bytes] of one) assert.ok(bytes === other.get(file), `${file} differs.`);
  });
});
