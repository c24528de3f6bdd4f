import assert from 'node:assert/strict';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { toNarrowSvgElement, toSvgElement } from '../../../tasks/JitReport/JitReportV1/src/pages/svg';
import { readMarkup } from '../../support/report/markup';
import { aReport, aVmReport, WRITTEN } from '../../support/report/reports';
import { sampleReport } from '../../support/report/sampleReport';

/** The width of the narrowest common phone, without the margins of the page. */
const PHONE = 328;

describe('the page on a phone', () => {
  it('has its own picture, as wide as the phone, with the same bars', () => {
    const [wide, narrow] = [toSvgElement, toNarrowSvgElement].map(
      (draw) => readMarkup(draw(sampleReport())).tags,
    );
    assert.ok(wide && narrow);
    const width = (tags: typeof wide) => Number(tags[0]?.attributes.get('width'));
    assert.deepEqual([width(wide), width(narrow)], [960, PHONE]);
    const bars = (tags: typeof wide) => tags.filter(({ name }) => name === 'g').length;
    assert.equal(bars(narrow), bars(wide));
  });

  it('has each element ID only once', () => {
    const ids = readMarkup(toHtml(sampleReport())).tags.flatMap(
      ({ attributes }) => attributes.get('id') ?? [],
    );
    assert.ok(ids.length >= 6);
    assert.equal(new Set(ids).size, ids.length);
  });
});

describe('a name in a table', () => {
  const classOf = (name: string): string | undefined =>
    /<th scope="row" class="([^"]*)">/.exec(toHtml(aReport({ vms: [aVmReport(name)] })))?.[1];

  it('is not wrapped up to 15 characters, the maximum length of a Windows name', () => {
    for (const name of ['web-01', 'x'.repeat(15)]) assert.equal(classOf(name), 'name short', name);
  });

  it('is wrapped after its hyphens if it is longer, and within a word only if that is too long for a column', () => {
    assert.equal(classOf('prod-payment-gateway-westeurope-vm-001'), 'name');
    assert.equal(classOf('x'.repeat(16)), 'name long');
  });
});

describe('a word in a table', () => {
  it('can only be wrapped if it is longer than a column', () => {
    const page = (lastUser: string) =>
      toHtml(aReport({ vms: [aVmReport('web-01', { lastUse: WRITTEN, lastUser })] }));
    assert.match(page('x'.repeat(26)), /<td class="time" data-label="Last use">/);
    assert.match(page('x'.repeat(27)), /<td class="time long" data-label="Last use">/);
  });
});
