import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { findBrokenLinks, findLinks } from '../../scripts/listing/links';
import { readPackedListing } from '../../scripts/listing/packed';
import { listingPage } from '../../scripts/listing/page';
import { findListingProblems, type Listing, type ListingManifest } from '../../scripts/listing/problems';
import { listingText } from '../../scripts/listing/text';
import { fileAddress, type Repository } from '../../scripts/repository';
import { ROOT } from '../../scripts/stage';
import { builtVsix } from '../support/agent/builtPackage';
import { unpack } from '../support/agent/unpack';

const REPOSITORY: Repository = { url: 'https://github.com/owner/name', tag: 'v1.2.3' };
const AT_TAG = `${REPOSITORY.url}/blob/v1.2.3`;

const MANIFEST: ListingManifest = {
  name: 'Toy <1>',
  publisher: 'toys',
  version: '1.2.3',
  description: 'Plays.',
  categories: ['Azure Pipelines'],
  tags: ['toy'],
  branding: { color: '#123456', theme: 'dark' },
  icons: { default: 'images/icon.png' },
  screenshots: [{ path: 'images/shots/one.png' }],
  files: [{ path: 'images/shots', addressable: true }, { path: 'other' }],
};
const FILES = [
  'README.md',
  'images/icon.png',
  'images/shots/one.png',
  'other/two.png',
  'images/shots/three.svg',
];

const toListing = (text: string, manifest: Partial<ListingManifest> = {}): Listing => ({
  text,
  files: FILES,
  manifest: { ...MANIFEST, ...manifest },
});

describe('the text of the listing', () => {
  it('links to files of the repository at the tag, and does not change absolute URLs and code', () => {
    const page = 'See [a](a.md#b), [c](https://c.example/) and [d](../D.md).\n\n```\n[e](f.md)\n```\n';
    assert.equal(
      listingText(page, 'docs/page.md', REPOSITORY),
      page.replace('a.md#b', `${AT_TAG}/docs/a.md#b`).replace('../D.md', `${AT_TAG}/D.md`),
    );
  });

  it('shows images with their path in the package', () => {
    assert.equal(listingText('![a](../images/a.png)\n', 'docs/page.md', undefined), '![a](images/a.png)\n');
  });

  it('has the parts that refer to documents only with a repository', () => {
    const part = '<!-- with a repository -->\n\nSee [a](a.md).\n\n<!-- end of with a repository -->\n\n';
    assert.equal(listingText(`One.\n\n${part}Two.\n`, 'docs/page.md', undefined), 'One.\n\nTwo.\n');
    assert.equal(
      listingText(`One.\n\n${part}Two.\n`, 'docs/page.md', REPOSITORY),
      `One.\n\nSee [a](${AT_TAG}/docs/a.md).\n\nTwo.\n`,
    );
  });

  it('cannot have a link to a document outside these parts', () => {
    assert.throws(() => listingText('See [a b](a.md).\n', 'docs/page.md', undefined), /a\.md/);
  });

  it('has no comments', () => {
    assert.equal(
      listingText('One.\n\n<!-- inputs -->\n\nTwo.\n', 'docs/page.md', REPOSITORY),
      'One.\n\nTwo.\n',
    );
  });

  it('has the addresses of files at a tag on GitHub and in Azure Repos', () => {
    const url = 'https://dev.azure.com/org/project/_git/repo';
    const repos = { url, tag: 'v1.2.3' };
    assert.equal(fileAddress(repos, 'docs/a.md#b'), `${url}?path=/docs/a.md&version=GTv1.2.3&anchor=b`);
    assert.equal(fileAddress(repos, 'LICENSE'), `${url}?path=/LICENSE&version=GTv1.2.3`);
    assert.equal(fileAddress(REPOSITORY, 'docs/a.md#b'), `${AT_TAG}/docs/a.md#b`);
  });
});

describe('the check of the listing', () => {
  it('finds nothing wrong with HTTPS links and images in the package', () => {
    const text = '[a](https://a.example/) ![b](images/shots/one.png) ![c](https://c.example/c.png)\n\n`<b>`';
    assert.deepEqual(findListingProblems(toListing(text)), []);
  });

  for (const [what, text, named] of [
    ['a relative link', '[a](docs/a.md)', /docs\/a\.md/],
    ['a link into the page', '[a](#rights)', /#rights/],
    ['a link that is not encrypted', '[a](http://a.example/)', /http:\/\/a\.example/],
    ['an image that is not in the package', '![a](images/shots/none.png)', /none\.png.*not in the package/],
    ['an image that cannot be fetched', '![a](other/two.png)', /other\/two\.png.*addressable/],
    ['an SVG', '![a](images/shots/three.svg)', /three\.svg.*kind/],
    ['an image without words', '![](images/shots/one.png)', /one\.png.*no text/],
    ['HTML', 'One<br>two', /HTML.*<br>/],
    ['a comment', '<!-- here -->', /HTML.*here/],
  ] as const) {
    it(`finds ${what}`, () => {
      const problems = findListingProblems(toListing(text));
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', named);
    });
  }

  for (const [what, manifest, named] of [
    ['a screenshot that is missing', { screenshots: [{ path: 'images/shots/none.png' }] }, /none\.png/],
    ['an icon that is missing', { icons: { default: 'images/none.png' } }, /none\.png/],
    ['a link that is not encrypted', { links: { support: { uri: 'http://a.example' } } }, /http:\/\/a/],
    [
      'a badge from nowhere',
      { badges: [{ href: 'https://a.example', uri: 'b.svg', description: 'B' }] },
      /b\.svg/,
    ],
  ] as const) {
    it(`finds in the manifest ${what}`, () => {
      const problems = findListingProblems(toListing('Text.', manifest));
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', named);
    });
  }
});

describe('the page with the listing', () => {
  const pictures = new Map([['images/shots/one.png', 'data:image/png;base64,AAAA']]);

  it('has the text with embedded pictures, and the values in the manifest', () => {
    const page = listingPage({
      text: '# Hello\n\n![a](images/shots/one.png)\n',
      manifest: MANIFEST,
      pictures,
    });
    assert.match(page, /<h1>Hello<\/h1>/);
    assert.match(page, /<article>[^]*src="data:image\/png;base64,AAAA"[^]*<\/article>/);
    assert.match(page, /background: #123456/);
    for (const text of ['Toy &#60;1&#62;', 'toys', 'Plays.', 'Azure Pipelines', '>toy<', '1.2.3']) {
      assert.ok(page.includes(text), text);
    }
    assert.doesNotMatch(page, /(?:src|href)="(?!data:|https:)[^"]/);
  });

  it('shows HTML as text, as the Marketplace might', () => {
    const page = listingPage({ text: 'One<br>two', manifest: MANIFEST, pictures });
    assert.ok(page.includes('One&lt;br&gt;two'));
  });
});

describe('the listing in the package', () => {
  let folder: string;
  let files: string[];

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'listing-'));
    files = await unpack(builtVsix(), folder);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('has every image of the text at a path where the Marketplace finds it', () => {
    const text = readFileSync(path.join(folder, 'README.md'), 'utf8');
    const assets = readFileSync(path.join(folder, 'extension.vsixmanifest'), 'utf8');
    const images = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file = '']) => file);
    assert.ok(images.length >= 2);
    for (const file of images) {
      assert.ok(files.includes(file), file);
      assert.match(assets, new RegExp(`<Asset Type="${file}" [^>]*Path="${file}" Addressable="true"`));
    }
  });

  it('has small screenshots of 1366 x 768 pixels that the page does not show', async () => {
    const { text, manifest } = await readPackedListing(folder, files);
    const shots = manifest.screenshots ?? [];
    assert.ok(shots.length >= 2);
    let bytes = 0;
    for (const { path: file } of shots) {
      const { width, height } = await sharp(path.join(folder, file)).metadata();
      assert.deepEqual([file, width, height], [file, 1366, 768]);
      assert.ok(!text.includes(file), file);
      bytes += readFileSync(path.join(folder, file)).length;
    }
    assert.ok(bytes < 150_000, String(bytes));
  });

  it('has every packed picture on the page or among the screenshots', async () => {
    const { text, manifest } = await readPackedListing(folder, files);
    const shots = (manifest.screenshots ?? []).map((shot) => shot.path);
    const pictures = files.filter((file) => file.startsWith('images/screenshots/'));
    assert.deepEqual(
      pictures.filter((file) => !text.includes(file) && !shots.includes(file)),
      [],
    );
  });

  it('has a manifest as tfx writes it, which is the source of the page', async () => {
    const { manifest } = await readPackedListing(folder, files);
    const own = JSON.parse(readFileSync(path.join(ROOT, 'vss-extension.json'), 'utf8')) as ListingManifest;
    for (const key of ['name', 'description', 'categories', 'tags', 'branding', 'icons'] as const) {
      assert.deepEqual(manifest[key], own[key], key);
    }
  });

  it('has links only to sites that require no repository if it names none', async () => {
    const { text, manifest } = await readPackedListing(folder, files);
    if (manifest.repository !== undefined) return;
    const links = findLinks({ text, manifest }, undefined);
    assert.deepEqual(findBrokenLinks(links, files, ROOT), []);
    const sites = links.filter(({ kind }) => kind === 'site').map(({ target }) => new URL(target).host);
    assert.deepEqual([...new Set(sites)], ['learn.microsoft.com']);
  });
});
