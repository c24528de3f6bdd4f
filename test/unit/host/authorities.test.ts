import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readAuthorities, trustedAuthorities } from '../../../tasks/shared/host/authorities';
import { processAuthority } from '../../support/azure';

describe("the agent's certificate authority file", () => {
  let root: string;
  let work: string;
  let outside: string;
  before(() => {
    root = mkdtempSync(path.join(tmpdir(), 'authorities-'));
    work = path.join(root, 'work');
    outside = path.join(root, 'outside');
    for (const folder of [work, path.join(work, 's'), outside]) mkdirSync(folder);
    for (const folder of [path.join(work, 's'), outside]) {
      writeFileSync(path.join(folder, 'ca.pem'), processAuthority().caPem);
    }
    symlinkSync(path.join(work, 's', 'ca.pem'), path.join(outside, 'link.pem'));
    symlinkSync(path.join(outside, 'ca.pem'), path.join(work, 'link.pem'));
    // The link type only matters on Windows.
    symlinkSync(work, path.join(root, 'other'), 'dir');
  });
  after(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it("is trusted in addition to Node's own authorities", () => {
    const found = readAuthorities(path.join(outside, 'ca.pem'), [work]);
    assert.deepEqual(found, { kind: 'trusted', pem: processAuthority().caPem });
    assert.equal(trustedAuthorities(undefined).secureContext, undefined);
  });

  it("belongs to the job if it is inside the job's folders, directly or through links", () => {
    for (const file of [
      path.join(work, 's', 'ca.pem'),
      `${outside}/../work/s/ca.pem`,
      path.join(outside, 'link.pem'),
      path.join(work, 'link.pem'),
      path.join(root, 'other', 's', 'ca.pem'),
    ]) {
      assert.deepEqual(readAuthorities(file, [work]), { kind: 'ofJob', folder: work }, file);
    }
    const linked = path.join(root, 'other');
    const real = path.join(work, 's', 'ca.pem');
    assert.deepEqual(readAuthorities(real, [linked]), { kind: 'ofJob', folder: linked });
  });

  it("does not belong to the job if it is next to the job's folders, or below a root folder", () => {
    mkdirSync(`${work}-more`);
    writeFileSync(path.join(`${work}-more`, 'ca.pem'), processAuthority().caPem);
    assert.equal(readAuthorities(path.join(`${work}-more`, 'ca.pem'), [work, '/']).kind, 'trusted');
  });

  it('is distinguished from a file that cannot be read', () => {
    writeFileSync(path.join(outside, 'text.pem'), 'nothing of the kind');
    writeFileSync(
      path.join(outside, 'bad.pem'),
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    );
    assert.deepEqual(readAuthorities(path.join(outside, 'gone.pem'), [work]), {
      kind: 'unreadable',
      reason: 'ENOENT',
    });
    for (const file of [
      outside,
      '/dev/zero',
      path.join(outside, 'text.pem'),
      path.join(outside, 'bad.pem'),
    ]) {
      assert.equal(readAuthorities(file, [work]).kind, 'unreadable', file);
    }
  });
});
