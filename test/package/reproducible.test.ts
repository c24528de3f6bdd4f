import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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

  /** Packs, and returns the hash of the package and of each file in it. */
  async function packTo(name: string) {
    const place = (file: string): string => path.join(folder, name, file);
    const { vsix } = await pack(path.join(folder, name));
    const files = await unpack(vsix, place('unpacked'));
    const read = (file: string) => readFileSync(path.join(place('unpacked'), file), 'base64');
    return {
      hash: createHash('sha256').update(readFileSync(vsix)).digest('hex'),
      files: new Map(files.toSorted().map((file) => [file, read(file)])),
    };
  }

  it('results in the same package, byte by byte, so that its hash can be compared', async () => {
    const [one, other] = [await packTo('one'), await packTo('other place')];
    assert.deepEqual([...one.files.keys()], [...other.files.keys()]);
    assert.ok(one.files.size > 5);
    for (const [file, bytes] of one.files) assert.ok(bytes === other.files.get(file), `${file} differs.`);
    assert.equal(one.hash, other.hash);
  });
});
