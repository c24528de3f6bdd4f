import assert from 'node:assert/strict';
import fc from 'fast-check';
import { xmlText } from '../../../tasks/JitReport/JitReportV1/src/pages/escape';
import { linkTarget } from '../../../tasks/shared/view/linkTarget';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { toSvg } from '../../../tasks/JitReport/JitReportV1/src/pages/svg';
import { safeText } from '../../../tasks/shared/core/text';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { readMarkup, type Markup } from '../../support/report/markup';
import { anActiveRequest, aReport, aRequest } from '../../support/report/reports';
import { hostileText } from '../hostileTexts';

const SVG_TAGS = ['svg', 'title', 'desc', 'style', 'defs', 'pattern', 'path', 'rect', 'text', 'g'];
const HTML_TAGS = [
  ...['html', 'head', 'meta', 'title', 'style', 'body', 'header', 'main', 'section', 'footer', 'figure'],
  ...['h1', 'h2', 'h3', 'p', 'dl', 'dt', 'dd', 'div', 'small', 'bdi', 'a'],
  ...['table', 'caption', 'thead', 'tbody', 'tr', 'th', 'td'],
];

/** Asserts that nothing executes, loads, or links to anything except an HTTPS page. */
function assertInert({ tags, texts }: Markup, allowed: readonly string[]): void {
  for (const { name, attributes } of tags) {
    assert.ok(allowed.includes(name), name);
    for (const [attribute, value] of attributes) {
      assert.doesNotMatch(attribute, /^(on|style$|src)|xlink/);
      if (attribute === 'href') assert.match(value, /^https:\/\/[^\s"'<>]+$/);
      else if (attribute !== 'xmlns' && attribute !== 'content')
        assert.doesNotMatch(value, /url\(|javascript:/i, name);
      assert.doesNotMatch(value, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/u);
    }
  }
  for (const text of texts)
    assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/u);
}

describe('foreign text on the pages', () => {
  it('is only text in jit-report.html', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        assertInert(readMarkup(toHtml(report)), [...HTML_TAGS, ...SVG_TAGS]);
      }),
      { numRuns: 200 },
    );
  });

  it('is only text in jit-windows.svg, which is a single element', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        const markup = readMarkup(toSvg(report));
        assertInert(markup, SVG_TAGS);
        assert.equal(markup.tags[0]?.name, 'svg');
      }),
      { numRuns: 200 },
    );
  });

  it('is shown unchanged as a name in jit-report.html, except for unsafe characters', () => {
    fc.assert(
      fc.property(hostileText, (who) => {
        const { texts } = readMarkup(toHtml(aReport({ liveRequests: [anActiveRequest({ who })] })));
        const shown = safeText(who)
          .replace(/[\ufffe\uffff]/g, '\ufffd')
          .replace(/(\p{M}{4})\p{M}+/gu, '$1');
        assert.ok(shown === '' || texts.includes(shown), JSON.stringify(shown));
      }),
    );
  });
});

describe('text for HTML and SVG', () => {
  it('cannot end an element or an attribute', () => {
    assert.equal(xmlText(`<b a="c" d='e'>&amp;`), '&lt;b a=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;');
  });

  it('has no character that XML forbids, and no stack of combining marks', () => {
    assert.equal(xmlText('a\ufffeb\uffffc'), 'a\ufffdb\ufffdc');
    assert.equal(xmlText(`a${'\u0301'.repeat(50)}b`).length, 6);
  });
});

/** As long as the texts on the pages. */
const LONGEST_LINK = 'https://a.test/'.padEnd(400, 'a');

describe('links to runs', () => {
  const cases: readonly (readonly [string | null, string | undefined])[] = [
    [
      'https://dev.azure.com/a/b%20c/_build/results?buildId=7',
      'https://dev.azure.com/a/b%20c/_build/results?buildId=7',
    ],
    ['https://a.test/x y"<>|()[]`\\', 'https://a.test/x%20y%22%3C%3E%7C%28%29%5B%5D%60/'],
    ["https://a.test/?a='b'&c=*", 'https://a.test/?a=%27b%27&c=%2A'],
    ['http://dev.azure.com/a', undefined],
    ['javascript:alert(1)', undefined],
    ['data:text/html,a', undefined],
    ['//a.test', undefined],
    ['https://user@a.test/', undefined],
    ['https://user:word@a.test/', undefined],
    ['https://a.test/?access_token=abcdefgh', undefined],
    [LONGEST_LINK, LONGEST_LINK],
    ['https://b.test/'.padEnd(401, 'b'), undefined],
    ['', undefined],
    [null, undefined],
  ];
  for (const [url, target] of cases) {
    it(`${String(url).slice(0, 60)} ${target === undefined ? 'is none' : 'is one'}`, () => {
      assert.equal(linkTarget(url), target);
      const { tags } = readMarkup(toHtml(aReport({ requests: [aRequest(5, { runUrl: url })] })));
      const links = tags.filter(({ name }) => name === 'a').map(({ attributes }) => attributes.get('href'));
      assert.deepEqual(links, target === undefined ? [] : [target]);
    });
  }

  it('replace the address at the end of a justification', () => {
    const runUrl = 'https://dev.azure.com/a/_build/results?buildId=7';
    const pages = (changes: object) =>
      readMarkup(
        toHtml(aReport({ requests: [aRequest(5, { justification: `Shop, ${runUrl}`, ...changes })] })),
      ).texts;
    assert.ok(pages({ runUrl }).includes('Shop'));
    assert.ok(pages({ runUrl: null }).includes(`Shop, ${runUrl}`));
  });
});
