import assert from 'node:assert/strict';
import fc from 'fast-check';
import type {
  ClosedPort,
  ConfiguredVm,
  Content,
  OpenedPort,
  RunDocument,
} from '../../../tasks/shared/document/document';
import { formatDocument, type WholeDocument } from '../../../tasks/shared/document/format';
import { parseAttached } from '../../support/attachments';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { bigReport } from '../../support/report/bigReport';
import {
  aMayBeOpenPort,
  anUncoveredVm,
  aPermanentPort,
  aReport,
  aVmReport,
  vmIdOf,
} from '../../support/report/reports';
import { sampleReport, SAMPLE_GAPS } from '../../support/report/sampleReport';
import { hostileText } from '../hostileTexts';

const whole = (content: Content, more: Partial<WholeDocument> = {}): WholeDocument => ({
  ...{ schemaVersion: '1.1', task: 'JitReport', writtenAt: '2026-11-20T09:30:00.000Z' },
  ...{ part: 'main', failure: null, content },
  step: { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: 'Deploy', stepName: 'Open' },
  ...more,
});
const parsed = (document: WholeDocument): RunDocument => parseAttached(formatDocument(document));
const port = (vmName: string): OpenedPort => ({
  ...{ vmId: '/subscriptions/s/vm', vmName, port: 22, sources: ['20.61.99.7'], reused: false },
  ...{ endsAt: '2026-11-20T10:30:00.000Z', state: 'open', code: null, permanent: false, waitedSeconds: 3 },
});

describe('the document of a step', () => {
  it('conforms to its schema, regardless of the content of the report', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        parsed(whole({ kind: 'report', report }));
      }),
    );
  });

  it('contains a report unchanged if its texts are harmless and short', () => {
    const report = { ...sampleReport(), gaps: SAMPLE_GAPS };
    const { content, cut } = parsed(whole({ kind: 'report', report }));
    assert.ok(content.kind === 'report');
    assert.deepEqual(content.report.counts, report.counts);
    assert.deepEqual(new Set(content.report.vms), new Set(report.vms));
    assert.deepEqual(content.report.requests, report.requests);
    assert.deepEqual(cut, []);
  });

  it('contains no control character, no agent command, and nothing like a credential', () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const text = formatDocument(
      whole({ kind: 'opened', ports: [port(`web\u202e\u0007 ##vso[task.x] ${token}`)], leftOut: [] }),
    );
    assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]|##/u);
    assert.ok(!text.includes(token));
    const { content } = parseAttached(text);
    assert.ok(content.kind === 'opened');
    assert.match(content.ports[0]?.vmName ?? '', /^web # #vso\[task\.x\] \*\*\*$/);
  });

  it('keeps the remedy of a failure, regardless of the length of the cause', () => {
    const failure = { code: 'JIT101', seen: `ports: ${'x'.repeat(900)}`, remedy: 'Correct it.' } as const;
    assert.deepEqual(parsed(whole({ kind: 'none' }, { failure })).failure, failure);
  });

  it('has at most a megabyte, and names the lists that were cut', () => {
    const report = bigReport(6000, 9000);
    const text = formatDocument(whole({ kind: 'report', report }));
    assert.ok(Buffer.byteLength(text) <= 1_000_000);
    const { content, cut } = parseAttached(text);
    assert.ok(content.kind === 'report');
    assert.equal(content.report.counts.vms, report.counts.vms);
    const vms = cut.find(({ list }) => list === 'vms');
    assert.equal(vms?.total, 6000);
    assert.equal(content.report.vms.length, vms.shown);
    assert.ok(vms.shown >= 100);
  });

  it('keeps the entries that require attention if a report is cut', () => {
    const many = Array.from({ length: 1005 }, (_, index) => `vm-${index}`);
    const last = { vmId: vmIdOf('zz-hole'), vmName: 'zz-hole' };
    const inside = { reach: 'private', publicShare: 0, management: false } as const;
    const report = aReport({
      vms: [
        ...many.map((name) => aVmReport(name)),
        anUncoveredVm('zz-open', { state: 'notConfigured', reason: 'reachable', recommended: true }),
        aVmReport('zz-hole', { exposure: 'unfiltered' }),
      ],
      standingPorts: [...many.map(() => aPermanentPort(inside)), aPermanentPort(last)],
      mayBeOpenPorts: [...many.map(() => aMayBeOpenPort(inside)), aMayBeOpenPort(last)],
    });
    const { content, cut } = parsed(whole({ kind: 'report', report }));
    assert.ok(content.kind === 'report');
    const { vms, standingPorts, mayBeOpenPorts } = content.report;
    assert.deepEqual(
      vms.slice(0, 3).map(({ name }) => name),
      ['zz-hole', 'zz-open', 'vm-0'],
    );
    assert.equal(standingPorts[0]?.vmName, 'zz-hole');
    assert.equal(mayBeOpenPorts[0]?.vmName, 'zz-hole');
    assert.deepEqual(
      cut.map(({ list, total }) => [list, total]),
      [
        ['vms', 1007],
        ['standingPorts', 1006],
        ['mayBeOpenPorts', 1006],
      ],
    );
  });

  it('keeps the port that remains open, and the VM that changed, if lists are cut', () => {
    const many = Array.from({ length: 1005 }, (_, index) => `vm-${index}`);
    const closed = (vmName: string, state: ClosedPort['state']): ClosedPort => ({
      ...{ vmId: '/vm', vmName, port: 22, sources: [], state, until: null, text: 'Text.' },
    });
    const ports = [...many.map((name) => closed(name, 'closed')), closed('left', 'open')];
    const after = parsed(whole({ kind: 'closed', ports }, { part: 'postJob' }));
    assert.ok(after.content.kind === 'closed');
    assert.equal(after.content.ports[0]?.vmName, 'left');
    const vm = (vmName: string, change: ConfiguredVm['change']): ConfiguredVm => ({
      ...{ vmId: '/vm', vmName, policyId: '/p', change, ports: [] },
    });
    const vms = [...many.map((name) => vm(name, 'none')), vm('changed', 'added')];
    const written = parsed(whole({ kind: 'policies', dryRun: false, policies: [], vms, checks: [] }));
    assert.ok(written.content.kind === 'policies');
    assert.equal(written.content.vms[0]?.vmName, 'changed');
  });

  it('has empty lists if not even a few entries fit', () => {
    const wide = { ...port('web-01'), sources: Array.from({ length: 80_000 }, () => '203.0.113.0/24') };
    const { content, cut } = parsed(whole({ kind: 'opened', ports: [wide], leftOut: [] }));
    assert.deepEqual(
      [content, cut],
      [{ kind: 'opened', ports: [], leftOut: [] }, [{ list: 'ports', shown: 0, total: 1 }]],
    );
  });
});
