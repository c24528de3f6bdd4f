import assert from 'node:assert/strict';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { toNarrowSvgElement, toSvgElement } from '../../../tasks/JitReport/JitReportV1/src/pages/svg';
import { readMarkup } from '../../support/report/markup';
import { aReport, aVmReport } from '../../support/report/reports';
import { sampleReport } from '../../support/report/sampleReport';

/** The narrowest phone in use less the margins of the page. */
const PHONE = 328;

describe('the page on a phone', () => {
  it('has a picture of its own, as wide as the phone, with the same bars', () => {
    const [wide, narrow] = [toSvgElement, toNarrowSvgElement].map(
      (draw) => readMarkup(draw(sampleReport())).tags,
    );
    assert.ok(wide && narrow);
    const width = (tags: typeof wide) => Number(tags[0]?.attributes.get('width'));
    assert.deepEqual([width(wide), width(narrow)], [960, PHONE]);
    const bars = (tags: typeof wide) => tags.filter(({ name }) => name === 'g').length;
    assert.equal(bars(narrow), bars(wide));
  });

  it('has each id once', () => {
    const ids = readMarkup(toHtml(sampleReport())).tags.flatMap(
      ({ attributes }) => attributes.get('id') ?? [],
    );
    assert.ok(ids.length >= 6);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('a word in a table', () => {
  it('may break only when it is longer than a column', () => {
    const page = (name: string) => toHtml(aReport({ vms: [aVmReport(name)] }));
    for (const name of ['web-01', 'a-very-long-name-of-many-short-parts', 'x'.repeat(26)]) {
      assert.match(page(name), /<th scope="row" class="name">/, name);
    }
    assert.match(page('x'.repeat(27)), /<th scope="row" class="name long">/);
  });
});
