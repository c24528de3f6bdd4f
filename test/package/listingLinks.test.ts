import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findBrokenLinks, findLinks, formatLinks } from '../../scripts/listing/links';
import { readPackedListing } from '../../scripts/listing/packed';
import type { ListingManifest } from '../../scripts/listing/problems';
import { pack } from '../../scripts/pack';
import { fileAddress, repositoryLinks, type Repository } from '../../scripts/repository';
import { ROOT } from '../../scripts/stage';
import { unpack } from '../support/agent/unpack';
import { DOCUMENTS } from '../support/docs/documents';

const REPOSITORY: Repository = { url: 'https://github.com/owner/name', tag: 'v1.2.3' };
const PACKED = ['images/shots/one.png'];
const MANIFEST: ListingManifest = {
  ...{ name: 'Toy', publisher: 'toys', version: '1.2.3', description: 'Plays.' },
  ...{ categories: [], tags: [], branding: { color: '#123456', theme: 'dark' } },
  ...{ icons: { default: 'images/icon.png' }, files: [] },
};

describe('the links of the listing', () => {
  const text = '[a](https://a.example/) ![b](images/shots/one.png)';

  for (const repository of [
    REPOSITORY,
    { url: 'https://dev.azure.com/org/project/_git/repo', tag: 'v1.2.3' },
  ]) {
    it(`are classified by their target: ${repository.url}`, () => {
      const linked = `${text} [c](${fileAddress(repository, 'docs/none.md#d')}) [e](${repository.url}/f)`;
      const manifest = { ...MANIFEST, ...repositoryLinks(repository) };
      const inPage = findLinks({ text: linked, manifest: MANIFEST }, repository);
      assert.deepEqual(
        inPage.map(({ kind, file }) => [kind, file]),
        [
          ['site', undefined],
          ['package', 'images/shots/one.png'],
          ['file', 'docs/none.md#d'],
          ['repository', undefined],
        ],
      );
      const all = findLinks({ text: linked, manifest }, repository);
      assert.ok(all.length >= inPage.length + 8, formatLinks(all));
      assert.deepEqual(findBrokenLinks(all, PACKED, ROOT).length, 1);
      assert.match(findBrokenLinks(all, PACKED, ROOT)[0] ?? '', /docs\/none\.md/);
      assert.equal(findBrokenLinks(all, [], ROOT).length, 2);
    });
  }
});

describe('the listing of a package with a repository', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'public-listing-'));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has links to existing files and headings in the repository, and badges from a trusted service', async () => {
    const { vsix } = await pack(folder, { isPublic: true, repository: REPOSITORY.url });
    const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    const repository = { ...REPOSITORY, tag: `v${version}` };
    const unpacked = path.join(folder, 'unpacked');
    const files = await unpack(vsix, unpacked);
    const { text, manifest } = await readPackedListing(unpacked, files);
    const links = findLinks({ text, manifest }, repository);
    assert.deepEqual(findBrokenLinks(links, files, ROOT), []);
    const inRepository = links.flatMap(({ file, kind }) => (kind === 'file' && file ? [file] : []));
    assert.ok(inRepository.length > 15, formatLinks(links));
    for (const target of inRepository) {
      const [file = '', anchor] = target.split('#');
      if (anchor === undefined) continue;
      const found = DOCUMENTS.find((document) => document.file === file);
      assert.ok(found?.anchors.has(anchor), target);
    }
    const sites = links.filter(({ kind }) => kind === 'site').map(({ target }) => new URL(target).host);
    assert.deepEqual([...new Set(sites)].toSorted(), ['img.shields.io', 'learn.microsoft.com']);
    assert.doesNotMatch(`${text}${JSON.stringify(manifest)}`, /\bHEAD\b/);
    assert.deepEqual(Object.keys(manifest.links ?? {}).toSorted(), [
      ...['getstarted', 'issues', 'learn', 'license', 'privacypolicy', 'support'],
    ]);
    // Help in the editors and messages refer to the same documents.
    const referring: string[] = [];
    for (const file of files.filter((name) => /^tasks\/.*\.js(?:on)?$/.test(name))) {
      const content = readFileSync(path.join(unpacked, file), 'utf8');
      if (content.includes(`${REPOSITORY.url}/blob/v${version}/`)) referring.push(path.basename(file));
      assert.doesNotMatch(content, /blob\/HEAD|DOCUMENT_ADDRESS/, file);
    }
    assert.deepEqual(referring.map((file) => file.replace(/-.*/, '')).toSorted(), [
      'program',
      'program',
      'program',
      'task.json',
      'task.json',
      'task.json',
    ]);
  });
});
