import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import type { Report } from '../../../tasks/shared/view/report';
import { toSummary } from '../../../tasks/JitReport/JitReportV1/src/pages/summary';
import { toHtml } from '../../../tasks/JitReport/JitReportV1/src/pages/html';
import { safeText } from '../../../tasks/shared/core/text';
import { serverError } from '../../../tasks/shared/messages/failures';
import * as say from '../../../tasks/shared/view/messages/report';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { bigReport } from '../../support/report/bigReport';
import {
  anActiveRequest,
  aMayBeOpenPort,
  anInternetPort,
  aReport,
  aRequest,
  aPermanentPort,
  aVmReport,
} from '../../support/report/reports';
import { sampleReport, SAMPLE_GAPS } from '../../support/report/sampleReport';
import { assertHarmless, hostileText } from '../hostileTexts';

/** The most permissive settings of the run page, which interpret HTML and bare links. */
const markdown = new MarkdownIt({ html: true, linkify: true });

function inlineOf(summary: string) {
  return markdown.parse(summary, {}).flatMap(({ children }) => children ?? []);
}

const cellsOf = (summary: string): readonly string[] => {
  const tokens = markdown.parse(summary, {});
  return tokens.flatMap(({ type }, at) => {
    if (type !== 'td_open') return [];
    return (tokens[at + 1]?.children ?? []).map(({ content }) => content).join('');
  });
};

const PLAIN = ['text', 'text_special', 'softbreak', 'strong_open', 'strong_close', 'html_inline:<br>'];

describe('the summary of a report with foreign text', () => {
  it('contains it only as text, with links to HTTPS pages only and no other code than its own', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), fc.array(hostileText, { maxLength: 4 }), (report, files) => {
        const summary = toSummary(report, files);
        for (const token of inlineOf(summary)) {
          if (token.type === 'link_open') assert.match(String(token.attrGet('href')), /^https:\/\//);
          else if (token.type === 'code_inline') assert.match(token.content, /^[█▒░×?·─┬\w: ]+$/);
          else if (token.type !== 'link_close') {
            const kind = token.type === 'html_inline' ? `html_inline:${token.content}` : token.type;
            assert.ok(PLAIN.includes(kind), kind);
          }
        }
        // The number signs of its own headings are not a command.
        for (const line of summary.trimEnd().split('\n')) assertHarmless(line.replace(/^### /, ''));
      }),
    );
  });

  it('keeps its tables intact', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        const tokens = markdown.parse(toSummary(report, []), {});
        const count = (type: string): number => tokens.filter((token) => token.type === type).length;
        const [active, standing] = [report.liveRequests.length, report.standingPorts.length];
        const internet = report.internetPorts.length;
        const recommended = report.vms.filter((vm) => vm.recommended).length;
        const known =
          active * 7 +
          standing * 5 +
          report.mayBeOpenPorts.length * 4 +
          internet * 3 +
          recommended * 7 +
          report.requests.length * 6 +
          report.gaps.length * 4;
        const strips = inlineOf(toSummary(report, [])).filter(({ content }) =>
          /^[█▒░×?·]{56}$/.test(content),
        ).length;
        assert.equal(count('td_open'), 13 + known + strips * 3);
        assert.equal(count('heading_open') >= 6, true);
      }),
    );
  });

  it('shows names unchanged, except for unsafe characters and excess length', () => {
    fc.assert(
      fc.property(hostileText, (who) => {
        const shown = safeText(who);
        const cells = cellsOf(toSummary(aReport({ liveRequests: [anActiveRequest({ who })] }), []));
        assert.ok(shown.length > 60 || cells.includes(shown), JSON.stringify(shown));
      }),
    );
  });

  it('has less than 200 kB', () => {
    const worst = fc.constantFrom(
      '|'.repeat(400),
      '\u{1f600}'.repeat(200),
      '機'.repeat(400),
      '&'.repeat(400),
    );
    fc.assert(
      fc.property(worst, (text) => {
        const many = <T>(item: T): T[] => Array.from({ length: 80 }, () => item);
        const report = aReport({
          scopes: many(text),
          gaps: many({ part: 'vms', code: 'JIT301', action: text, scope: text, text }),
          vms: many(aVmReport(text, { recommended: true, lastUser: text, resourceGroup: text })),
          liveRequests: many(
            anActiveRequest({ vmName: text, who: text, justification: text, sources: many(text) }),
          ),
          standingPorts: many(
            aPermanentPort({
              vmName: text,
              rules: many({ name: text, priority: 1, group: text, attachedTo: 'nic' }),
            }),
          ),
          mayBeOpenPorts: many(
            aMayBeOpenPort({
              vmName: text,
              rules: many({
                ...{ name: text, priority: 1, group: text, attachedTo: 'nic', why: 'serviceTag' },
                from: many(text),
              }),
            }),
          ),
          internetPorts: many(anInternetPort({ vmName: text })),
          requests: Array.from({ length: 80 }, (_, index) =>
            aRequest(index, {
              vmName: text + String(index),
              vmId: String(index),
              who: text,
              justification: text,
            }),
          ),
        });
        const summary = toSummary(report, [text, text, text, text]);
        assert.ok(Buffer.byteLength(summary) < 200_000, String(Buffer.byteLength(summary)));
      }),
      { numRuns: 8 },
    );
  });
});

describe('the summary of a report', () => {
  it('begins with the counts, as they are given', () => {
    const numbers = [5000, 4500, 500, 12, 0, 3, 77, 70, 7, 4, 1, 20_000, 40];
    const report = sampleReport();
    const keys = [
      ...['vms', 'configured', 'notConfigured', 'recommended', 'unsupported', 'unknown'],
      ...['openPorts', 'liveRequests', 'standingPorts', 'mayBeOpen'],
      ...['openToInternet', 'requests', 'refused'],
    ];
    const counts = Object.fromEntries(keys.map((key, at) => [key, numbers[at]])) as never as Report['counts'];
    const cells = cellsOf(toSummary({ ...report, counts }, []));
    assert.deepEqual(
      cells.slice(0, 13).map((shown) => Number(shown.replaceAll(',', ''))),
      numbers,
    );
  });

  it('shows the complete remedy for a gap', () => {
    const failure = serverError('Azure', 503, 'why '.repeat(300));
    const gap = { ...SAMPLE_GAPS[0]!, text: `${failure.seen} ${failure.remedy}` };
    const report = { ...sampleReport(), gaps: [gap] };
    for (const page of [toSummary(report, []), toHtml(report)])
      assert.ok(page.includes(failure.remedy), page);
  });

  it('has the gaps before the tables', () => {
    const summary = toSummary({ ...sampleReport(), gaps: SAMPLE_GAPS }, []);
    assert.ok(summary.indexOf(say.HEADINGS.gaps) < summary.indexOf(`### ${say.HEADINGS.live}`));
    for (const { action } of SAMPLE_GAPS) assert.ok(action === null || summary.includes(action));
    assert.ok(!toSummary(sampleReport(), []).includes(say.HEADINGS.gaps));
  });

  it('shows at most 50 rows of a table, and the number of the others', () => {
    const summary = toSummary(bigReport(800, 300), []);
    const rows = summary.split('\n').filter((line) => /^\| (?:vm-|2026)/.test(line) && !line.includes('`'));
    assert.equal(rows.length, 50 + 50 + 50);
    for (const more of [30, 30, 250]) assert.ok(summary.includes(say.moreRowsText(more, 'jit-report.json')));
  });

  it('lists only VMs for which just-in-time access is recommended', () => {
    const summary = toSummary(sampleReport(), []);
    assert.ok(summary.includes('| jump-01<br>') && !summary.includes('queue-01'));
  });

  it('says where the files are', () => {
    const cells = inlineOf(toSummary(aReport(), ['/tmp/a/jit-report.html', 'D:\\a\\jit-report.json']));
    const words = cells.map(({ content }) => content).join('');
    assert.ok(words.includes('/tmp/a/jit-report.html') && words.includes('D:\\a\\jit-report.json'));
  });

  it('says that there is nothing if there is nothing', () => {
    const summary = toSummary(aReport(), []);
    for (const what of ['live', 'permanent', 'recommended', 'windows', 'audit'] as const) {
      assert.ok(summary.includes(say.emptyText(what, aReport())), what);
    }
  });
});
