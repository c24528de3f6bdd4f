import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findMissingFiles, readListing } from '../../scripts/listing/check';
import { listingPage } from '../../scripts/listing/page';
import { findListingProblems, type Listing, type ListingManifest } from '../../scripts/listing/problems';
import { listingText } from '../../scripts/listing/text';
import { fileAddress } from '../../scripts/repository';
import { ROOT } from '../../scripts/stage';
import { builtVsix } from '../support/agent/builtPackage';
import { unpack } from '../support/agent/unpack';

const REPOSITORY = 'https://github.com/owner/name';

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
  it('leads to files in the repository, and leaves images, whole addresses and code as they are', () => {
    const readme =
      'See [a](docs/a.md#b), [c](https://c.example/) and ![d](images/d.png).\n\n```\n[e](f.md)\n```\n';
    assert.equal(
      listingText(readme, REPOSITORY),
      readme.replace('docs/a.md#b', `${REPOSITORY}/blob/HEAD/docs/a.md#b`),
    );
  });

  it('keeps the words of a link without a repository, and drops what is only a link in a table', () => {
    assert.equal(listingText('See [a b](docs/a.md).\n', undefined), 'See a b.\n');
    assert.equal(
      listingText('| `x` | What it is. Example: `1`. [Examples](docs/a.md#b) |\n', undefined),
      '| `x` | What it is. Example: `1`. |\n',
    );
  });

  it('has no comments', () => {
    assert.equal(listingText('One.\n\n<!-- inputs -->\n\nTwo.\n', REPOSITORY), 'One.\n\nTwo.\n');
  });

  it('knows where GitHub and Azure Repos show files', () => {
    const repos = 'https://dev.azure.com/org/project/_git/repo';
    assert.equal(fileAddress(repos, 'docs/a.md#b'), `${repos}?path=/docs/a.md&anchor=b`);
    assert.equal(fileAddress(repos, 'LICENSE'), `${repos}?path=/LICENSE`);
    assert.equal(fileAddress(REPOSITORY, 'docs/a.md#b'), `${REPOSITORY}/blob/HEAD/docs/a.md#b`);
  });
});

describe('the check of the listing', () => {
  it('finds nothing wrong with https links and images of the package', () => {
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

  it('finds files that README.md leads to and that are not there', () => {
    const text = '[a](docs/none.md#x) ![b](images/none.png) [c](LICENSE) [d](https://d.example/) [e](#f)';
    assert.deepEqual(
      findMissingFiles(ROOT, text).map((problem) => /\S+none\S+/.exec(problem)?.[0].replace(',', '')),
      ['docs/none.md', 'images/none.png'],
    );
  });
});

describe('the page that shows the listing', () => {
  const pictures = new Map([['images/shots/one.png', 'data:image/png;base64,AAAA']]);

  it('has the text with its pictures inside, and what the manifest says', () => {
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

  it('shows HTML as text, as the Marketplace may', () => {
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

  it('lets the Marketplace find every image of the text by its path', () => {
    const text = readFileSync(path.join(folder, 'README.md'), 'utf8');
    const assets = readFileSync(path.join(folder, 'extension.vsixmanifest'), 'utf8');
    const images = [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file = '']) => file);
    assert.ok(images.length >= 3);
    for (const file of images) {
      assert.ok(files.includes(file), file);
      assert.match(assets, new RegExp(`<Asset Type="${file}" [^>]*Path="${file}" Addressable="true"`));
    }
  });

  it('names at least three screenshots, which are small', () => {
    const assets = readFileSync(path.join(folder, 'extension.vsixmanifest'), 'utf8');
    const shots = [...assets.matchAll(/Services\.Screenshots\.\d" [^>]*Path="([^"]+)"/g)];
    const bytes = shots.map(([, file = '']) => readFileSync(path.join(folder, file)).length);
    assert.ok(shots.length >= 3);
    assert.ok(bytes.reduce((sum, size) => sum + size, 0) < 150_000);
  });

  it('is read out of a folder with its manifest', async () => {
    const { text, manifest } = await readListing(ROOT, []);
    assert.equal(text, readFileSync(path.join(ROOT, 'README.md'), 'utf8'));
    assert.ok(manifest.tags.length > 5 && manifest.categories.includes('Azure Pipelines'));
  });
});
