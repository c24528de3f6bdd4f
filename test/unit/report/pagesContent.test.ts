import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Report } from '../../../tasks/shared/view/report';
import { countGroups } from '../../../tasks/shared/view/counts';
import { toCsv } from '../../../tasks/shared/view/csv';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { HTML_STYLE } from '../../../tasks/JitReport/JitReportV1/src/pages/htmlStyle';
import { toJson } from '../../../tasks/JitReport/JitReportV1/src/pages/json';
import { toSummary } from '../../../tasks/JitReport/JitReportV1/src/pages/summary';
import { toSvg } from '../../../tasks/JitReport/JitReportV1/src/pages/svg';
import { markdownText } from '../../../tasks/shared/core/text';
import * as open from '../../../tasks/shared/view/messages/open';
import * as say from '../../../tasks/shared/view/messages/report';
import { moreLanesText } from '../../../tasks/shared/view/messages/picture';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { bigReport } from '../../support/report/bigReport';
import { readMarkup } from '../../support/report/markup';
import { aMayBeOpenPort, aReport, aRequest, aPermanentPort, aVmReport } from '../../support/report/reports';
import { sampleReport, SAMPLE_GAPS } from '../../support/report/sampleReport';
import { hostileText } from '../hostileTexts';

const rowsOf = (page: string): number => page.split('<tr><th scope="row"').length - 1;
const textsOf = (report: Report): readonly string[] => readMarkup(toHtml(report)).texts;

describe('jit-report.html', () => {
  it('shows every count', () => {
    fc.assert(
      fc.property(
        arbitraryReport(hostileText),
        fc.array(fc.nat(), { minLength: 13, maxLength: 13 }),
        (report, numbers) => {
          const keys = Object.keys(report.counts);
          const counts = Object.fromEntries(
            keys.map((key, at) => [key, numbers[at]]),
          ) as never as Report['counts'];
          const tiles = [...toHtml({ ...report, counts }).matchAll(/<dd>([\d,]+)<\/dd>/g)];
          assert.deepEqual(
            tiles.map(([, shown = '']) => Number(shown.replaceAll(',', ''))).toSorted((a, b) => a - b),
            numbers.toSorted((a, b) => a - b),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('allows its own style by hash, and nothing else', () => {
    const page = toHtml(sampleReport());
    const styles = [...page.matchAll(/<style>([^]*?)<\/style>/g)].map(([, style]) => style);
    assert.deepEqual(styles, [HTML_STYLE]);
    const hash = createHash('sha256').update(HTML_STYLE).digest('base64');
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    assert.equal(
      policy,
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`,
    );
    assert.doesNotMatch(HTML_STYLE, /@import|url\((?!#)|expression|<|\r/);
  });

  it('begins with the gaps if there are any', () => {
    const page = toHtml({ ...sampleReport(), gaps: SAMPLE_GAPS });
    assert.ok(page.indexOf(say.HEADINGS.gaps) < page.indexOf('class="counts"'));
    for (const { action, scope, code } of SAMPLE_GAPS) {
      for (const record of [action ?? say.NO_RIGHT, scope, code])
        assert.ok(page.includes(`<bdi>${record}</bdi>`), record);
    }
    assert.ok(!toHtml(sampleReport()).includes(say.HEADINGS.gaps));
  });

  it('does not claim that there is nothing if parts were not read', () => {
    for (const what of ['live', 'permanent', 'mayBeOpen', 'windows', 'cover', 'audit'] as const) {
      const nothing = say.emptyText(what, aReport());
      assert.ok(textsOf(aReport()).includes(nothing), what);
      const blind = aReport({ gaps: SAMPLE_GAPS });
      const texts = textsOf(blind);
      assert.ok(texts.includes(say.emptyText(what, blind)) && !texts.includes(nothing), what);
    }
  });

  it('does not claim that a VM with a policy is closed if it might be open', () => {
    const vms = [aVmReport('web-01', { exposure: 'mayBeOpen' })];
    const report = aReport({ vms, mayBeOpenPorts: [aMayBeOpenPort()] });
    for (const page of [toHtml(report), toSummary(report, [])]) {
      for (const record of ['allow-deploy (300)', 'AzureCloud', 'May be open'])
        assert.ok(page.includes(record), record);
    }
    assert.match(
      toHtml(report),
      /<bdi class="mark warn">Configured<\/bdi><\/div><div><bdi>a port may be open/,
    );
    const bare = aVmReport('bare-01', { state: 'unsupported', reason: 'noFilter', exposure: 'unfiltered' });
    const page = toHtml(aReport({ vms: [...vms, bare] }));
    assert.match(page, /<bdi class="mark bad">Unsupported/);
    assert.ok(page.indexOf('bare-01') < page.indexOf('web-01'), 'the most exposed comes first');
  });

  it('names what was checked, and the IP versions', () => {
    const words = open.checkedPortsText([22, 3389, 5985, 5986], ['IPv4', 'IPv6']);
    assert.ok(toHtml(aReport()).includes(words));
    assert.ok(toSummary(aReport(), []).includes(markdownText(words)));
  });

  it('names the port, source, and rule that make a VM reachable, and the rule that blocks a request', () => {
    const page = toHtml(sampleReport());
    const rule = say.ruleText('allow-rdp', 300, 'nsg-legacy', 'nic');
    assert.ok(page.includes(open.reachedText('3389', say.ANY_ADDRESS, [rule])));
    const blocker = open.blockedText(say.ruleText('deny-all', 90, 'nsg-web', 'subnet'));
    assert.ok(page.includes(`${say.RULES.closed}</bdi></div><div><bdi>${blocker}`));
    assert.match(page, /3389 over IPv6/);
  });

  it('shows a name with the ID in small print below it, and its certainty', () => {
    const page = toHtml(sampleReport());
    assert.match(page, /<bdi>shop-deploy<\/bdi><\/div><small><bdi>5b2e8f0c-/);
    assert.match(page, /<bdi>Kim Park<\/bdi><\/div><small><bdi>kim@contoso.example, likely/);
    const who = '5b2e8f0c-7d41-4a6a-9e15-c04f3f7a1d88';
    const nameless = toHtml(aReport({ requests: [aRequest(1, { who })] }));
    assert.ok(nameless.includes(`<bdi>${open.APPLICATION}</bdi></div><small><bdi>${who}</bdi>`));
  });

  it('marks differences from Defender, with both reasons', () => {
    const page = toHtml(sampleReport());
    const words = open.disagreementText('Unhealthy', '', say.REASONS.closed);
    assert.ok(page.includes(`${open.DISAGREES}: ${words}`));
  });

  it('shows an access once, with the requested and the actual duration', () => {
    assert.match(toHtml(sampleReport()), /22 for 45 min from 20.50.1.7: closed after 12 min/);
  });

  it('shows the number of refused requests as unknown if the log was not read', () => {
    const { counts, ...report } = sampleReport();
    const page = toHtml({ ...report, counts: { ...counts, refused: null } });
    assert.match(page, /Refused<\/dt><dd>unknown/);
    assert.match(toSummary({ ...report, counts: { ...counts, refused: null } }, []), /\| unknown \|/);
  });

  it('has at most 1,000 rows per table, and the number of the others', () => {
    const page = toHtml(bigReport(1500, 2500));
    // Permanent ports are a tenth of the VMs, and all fit.
    assert.equal(rowsOf(page), 150 + 1000 + 1000);
    for (const more of [500, 1500]) assert.ok(page.includes(say.moreRowsText(more, 'jit-report.json')));
  });

  it('lists the greatest risks first', () => {
    const vms = [
      aVmReport('a'),
      aVmReport('b', { state: 'notConfigured', reason: 'reachable', recommended: true }),
    ];
    const standingPorts = [
      aPermanentPort({ vmName: 'c', reach: 'private', publicShare: 0 }),
      aPermanentPort({ vmName: 'd' }),
      aPermanentPort({ vmName: 'e', port: 80, management: false }),
    ];
    const texts = textsOf(aReport({ vms, standingPorts }));
    assert.deepEqual(
      texts.filter((text) => /^[a-e]$/.test(text)),
      ['d', 'e', 'c', 'b', 'a'],
    );
  });

  it('has a heading for every part, in order, and a header for every column', () => {
    const { tags } = readMarkup(toHtml({ ...sampleReport(), gaps: SAMPLE_GAPS }));
    const levels = tags.flatMap(({ name }) => /^h(\d)$/.exec(name)?.[1] ?? []).map(Number);
    assert.equal(levels[0], 1);
    levels.slice(1).forEach((level, at) => {
      assert.ok(level >= 2 && level <= (levels[at] ?? 0) + 1);
    });
    const heads = tags.filter(({ name }) => name === 'th');
    for (const { attributes } of heads) assert.match(attributes.get('scope') ?? '', /^(col|row)$/);
    const tables = tags.filter(({ name }) => name === 'table').length;
    assert.equal(tags.filter(({ name }) => name === 'caption').length, tables);
    assert.equal(tables, 7);
  });
});

describe('the colors', () => {
  const blocks = {
    light: HTML_STYLE.replace(/@media screen[^{]*dark\) \{[^]*?\n?\}\s*\}/g, ''),
    dark: HTML_STYLE,
  };
  for (const [mode, css] of Object.entries(blocks)) {
    // The last one wins, as in a browser whose media query matches.
    const colours = new Map(
      [...css.matchAll(/--([\w-]+): (#[\da-f]{6})/g)].map(([, name = '', hex = '']) => [name, hex]),
    );
    const ratio = (one: string, other: string): number =>
      contrast(colours.get(one) ?? assert.fail(one), colours.get(other) ?? assert.fail(other));
    it(`of text have a contrast of at least 4.5, ${mode}`, () => {
      for (const text of ['text', 'soft', 'link', 'good', 'bad', 'warn']) {
        for (const ground of ['ground', 'panel'])
          assert.ok(ratio(text, ground) >= 4.5, `${text} on ${ground}`);
      }
      for (const text of ['soft', 'bad']) assert.ok(ratio(text, 'bad-ground') >= 4.5, text);
      for (const text of ['w-text', 'w-soft']) assert.ok(ratio(text, 'w-stripe') >= 4.5, text);
      assert.ok(ratio('text', 'head') >= 4.5);
    });

    it(`of bars have a contrast of at least 3, ${mode}`, () => {
      for (const bar of ['w-live', 'w-ended', 'w-super', 'w-refused', 'w-other']) {
        for (const ground of ['w-ground', 'w-stripe'])
          assert.ok(ratio(bar, ground) >= 3, `${bar} on ${ground}`);
      }
    });
  }

  it('are only dark on a screen', () => {
    assert.equal(
      HTML_STYLE.split('prefers-color-scheme').length,
      HTML_STYLE.split('@media screen and (prefers-color-scheme: dark)').length,
    );
    assert.notEqual(blocks.light, blocks.dark);
  });
});

/** WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('jit-windows.svg', () => {
  it('has its own style, a title, a description, and only elements within its frame', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        const { tags } = readMarkup(toSvg(report));
        assert.deepEqual(
          ['title', 'desc', 'style'].map((name) => tags.some((tag) => tag.name === name)),
          [true, true, true],
        );
        const [width = 0, height = 0] = ['width', 'height'].map((name) =>
          Number(tags[0]?.attributes.get(name)),
        );
        for (const { attributes } of tags.filter(({ name }) => name === 'rect')) {
          const at = (name: string): number => Number(attributes.get(name) ?? 0);
          assert.ok(at('x') >= 0 && at('x') + at('width') <= width + 0.1);
          assert.ok(at('y') >= 0 && at('y') + at('height') <= height);
        }
      }),
    );
  });

  it('shows the number of ports without a line', () => {
    const svg = toSvg(bigReport(100, 100));
    assert.ok(svg.includes(moreLanesText(60)));
    assert.equal(svg.split('<svg x="12"').length - 1, 40);
  });
});

describe('all pages', () => {
  const toPages = (report: Report) => [
    ...[toJson(report), toCsv(report), toHtml(report), toSvg(report), toSummary(report, [])],
  ];

  for (const [name, report] of Object.entries({ empty: aReport(), sample: sampleReport() })) {
    it(`are the same every time: ${name}`, () => {
      assert.deepEqual(toPages(structuredClone(report)), toPages(report));
    });
  }

  it('can be written for 5,000 VMs and 20,000 requests', () => {
    const report = bigReport(5000, 20_000);
    const [json = '', csv = '', html = '', svg = ''] = toPages(report);
    assert.equal((JSON.parse(json) as Report).requests.length, 20_000);
    assert.equal(csv.split('\r\n').length, 20_002);
    assert.ok(html.length < 4e6 && svg.length < 1e6);
    assert.equal(countGroups(report).flat().length, Object.keys(report.counts).length);
  });
});
