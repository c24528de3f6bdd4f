import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { toListingPicture } from '../../scripts/screenshots/listingPicture';
import { logPage } from '../../scripts/screenshots/logPage';
import { toPictures, type Picture } from '../../scripts/screenshots/pictures';
import { recordRuns, type Recorded } from '../../scripts/screenshots/runs';
import { normalised, sha256, SOURCES, type Sources } from '../../scripts/screenshots/sources';
import { TAB_PICTURES, tabSource } from '../../scripts/screenshots/tabPictures';
import { ROOT } from '../../scripts/stage';

describe('the screenshots', () => {
  const read = (file: string): Buffer => readFileSync(path.join(ROOT, file));
  const isLinked = 'repository' in (JSON.parse(read('package.json').toString()) as object);
  const sources = JSON.parse(read(SOURCES).toString()) as Sources;
  let runs: Recorded;
  let pictures: Picture[];
  let listing: Picture;
  let tab: string;

  before(async function () {
    this.timeout(60_000);
    runs = await recordRuns();
    listing = await toListingPicture(ROOT);
    pictures = [...toPictures(runs), listing];
    tab = await tabSource(ROOT, runs);
  });

  it('show the current texts of the tasks ("npm run screenshots" updates them)', () => {
    assert.deepEqual(
      [
        ...pictures.map((picture) => [picture.file, shownIn(picture)]),
        ...TAB_PICTURES.map(({ file }) => [file, sha256(normalised(tab))]),
      ].toSorted(),
      Object.entries(sources)
        .map(([file, { page }]) => [file, page])
        .toSorted(),
    );
  });

  /** A package with a repository has links that are not in the picture, which is taken without one. */
  const shownIn = (picture: Picture): string | undefined =>
    picture === listing && isLinked ? sources[picture.file]?.page : sha256(normalised(picture.html));

  it('are unchanged since they were taken, in their size', async () => {
    for (const { file, view } of [...pictures, ...TAB_PICTURES]) {
      assert.equal(sha256(read(file)), sources[file]?.picture, file);
      const { width, height } = await sharp(read(file)).metadata();
      assert.equal(width, view.pixelWidth, file);
      if (view.pixelHeight !== undefined) assert.equal(height, view.pixelHeight, file);
    }
  });

  it('show steps with the results that the listing describes', () => {
    const { configured, checked, opened, blocked, reported } = runs;
    const results = [configured, checked, opened, blocked, reported].map(({ run }) => run.result);
    assert.deepEqual(results, ['Succeeded', 'Succeeded', 'Succeeded', 'Failed', 'Succeeded']);
    assert.match(blocked.run.message, /^JIT702: /);
    assert.deepEqual(opened.after?.issues, []);
    assert.ok(reported.page.startsWith('<!doctype html>'));
  });

  it('show every line of a log, and none as HTML', () => {
    const log = ['##[group]One', 'two <b>', '##[endgroup]', '##[error]three', 'four'];
    const page = logPage({ ...runs.blocked, run: { ...runs.blocked.run, log } });
    const lines = [...page.matchAll(/<li value="(\d)" class="(\w+)"><span>(.*)<\/span>/g)];
    assert.deepEqual(
      lines.map(([, number, kind, text]) => [number, kind, text]),
      [
        ['1', 'group', '▾ One'],
        ['2', 'inside', 'two &#60;b&#62;'],
        ['4', 'error', '##[error]three'],
        ['5', 'plain', 'four'],
      ],
    );
  });
});

describe('the normalized content of a page', () => {
  const line = (text: string): string => `<li value="7" class="plain"><span>${text}</span></li>`;

  it('is the same for other times, IDs, durations, and order', () => {
    const id = '0f2f2f6e-8d04-4f0c-a6a4-31f1c0a7f5bd';
    const one = [line(`until 2026-01-02 03:04:05 UTC, after 4 s`), line(`by ${id}`)].join('\n');
    const other = [
      line(`by ${id.replace('0f2f', 'abcd')}`),
      line(`until 2026-11-12 13:14:15 UTC, after 12 s`),
    ];
    assert.equal(normalised(one), normalised(other.join('\n')));
    const rule = 'MicrosoftDefenderForCloud-JITRule_-621447838_485B7D168ECD2A555A76527EA193293C';
    assert.equal(normalised(rule), normalised(rule.replace('-62', '7').replace('485B', 'A5F0')));
    assert.equal(normalised('<p>Version 1.0.0</p>'), normalised('<p>Version 1.2.13</p>'));
    assert.equal(normalised(`${one}\n${line('Not open yet. More.')}`), normalised(one));
    assert.equal(normalised(`${one}\n${line('Waited 2 s of 5 min. More.')}`), normalised(one));
  });

  it('is different for another text', () => {
    assert.notEqual(normalised(line('Asking for port 22.')), normalised(line('Asking for port 23.')));
    assert.notEqual(normalised(line('JIT401: no')), normalised(line('JIT402: no')));
  });
});
