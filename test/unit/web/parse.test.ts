import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDocument, type WholeDocument } from '../../../tasks/shared/document/format';
import { parseDocument } from '../../../web/read/parse';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { sampleReport } from '../../support/report/sampleReport';
import { hostileText } from '../hostileTexts';

const whole = (content: WholeDocument['content']): WholeDocument => ({
  ...{ schemaVersion: '1.1', task: 'JitReport', writtenAt: '2026-11-20T09:30:00.000Z' },
  ...{ part: 'main', failure: { code: 'JIT101', seen: 'Seen.', remedy: 'Do.' }, content },
  step: { jobId: 'job', jobAttempt: 1, stepId: 'step', jobName: 'Deploy', stepName: 'Open' },
});
const rule = { port: 22, protocol: 'TCP', sources: ['*'], maxRequestAccessDuration: 'PT1H' } as const;

const CONTENTS: readonly WholeDocument['content'][] = [
  { kind: 'none' },
  { kind: 'checks', checks: [{ topic: 'Policy', mark: 'ok', text: 'Fine.' }] },
  {
    ...{ kind: 'policies', dryRun: false, checks: [] },
    policies: [{ id: '/p', name: 'p', state: 'changed' }],
    vms: [
      {
        ...{ vmId: '/vm', vmName: 'vm', policyId: '/p', change: 'changed' },
        ports: [{ port: 22, before: null, after: rule }],
      },
    ],
  },
  {
    kind: 'closed',
    ports: [
      {
        ...{ vmId: '/vm', vmName: 'vm', port: 22, sources: [], state: 'open', until: null, text: 'Open.' },
      },
      {
        ...{
          vmId: '/vm',
          vmName: 'vm',
          port: 80,
          sources: [],
          state: 'closed',
          until: null,
          text: 'Closed.',
        },
        closedAt: '2026-11-20T10:15:00.000Z',
      },
    ],
  },
];

/** Yields a copy of the value for each part, in which this part is replaced by another value. */
function* variations(value: unknown, other: unknown): Generator {
  yield other;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value))
    for (const changed of variations(part, other)) {
      const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
      (copy as Record<string, unknown>)[key] = changed;
      yield copy;
    }
}

describe('parsing a document of a run', () => {
  it('accepts everything that the tasks write', () => {
    for (const content of CONTENTS) {
      const parsed = parseDocument(formatDocument(whole(content)));
      assert.ok(parsed.kind === 'document', content.kind);
      assert.deepEqual(parsed.document, { ...whole(content), cut: [] });
    }
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        assert.equal(parseDocument(formatDocument(whole({ kind: 'report', report }))).kind, 'document');
      }),
    );
  });

  it('accepts unknown fields, which a later minor version can have', () => {
    const later = { ...whole({ kind: 'none' }), cut: [], schemaVersion: '1.7', more: 'to come' };
    assert.equal(parseDocument(JSON.stringify(later)).kind, 'document');
  });

  const reason = (text: string): string => {
    const parsed = parseDocument(text);
    return parsed.kind === 'unreadable' ? parsed.reason : parsed.kind;
  };

  it('distinguishes a newer version from damage', () => {
    assert.equal(reason('{"schemaVersion":"2.0"}'), 'version');
    for (const text of ['', 'null', '[]', '{}', '"1.0"', '{"schemaVersion":1}', '{"schemaVersion":"1.0"}'])
      assert.equal(reason(text), 'damaged', text);
    for (const version of ['0.9', '1', '1.', '1.x', 'v2.0', '2.0-beta'])
      assert.equal(reason(JSON.stringify({ schemaVersion: version })), 'damaged', version);
  });

  it('attributes an unknown value to a newer version only if the document has one', () => {
    const written = (schemaVersion: string) =>
      JSON.stringify({ ...whole({ kind: 'none' }), cut: [], schemaVersion, content: { kind: 'to come' } });
    assert.equal(reason(written('1.9')), 'version');
    assert.equal(reason(written('1.0')), 'damaged');
  });

  it('does the same for a document with a report of a newer version', () => {
    const written = (schemaVersion: string, more: object = {}) =>
      JSON.stringify({
        ...{ ...whole({ kind: 'none' }), cut: [] },
        content: { kind: 'report', report: { ...sampleReport(), schemaVersion, ...more } },
      });
    assert.equal(reason(written('3.0')), 'version');
    assert.equal(reason(written('2.99', { vms: [{ state: 'to come' }] })), 'version');
    assert.equal(reason(written('2.0', { vms: [{ state: 'to come' }] })), 'damaged');
    assert.equal(reason(written('2.99', { more: 'to come' })), 'document');
  });

  it('accepts no field of another type', () => {
    for (const content of CONTENTS) {
      const document = JSON.parse(formatDocument(whole(content))) as unknown;
      for (const changed of variations(document, { toString: 'no' })) {
        const parsed = parseDocument(JSON.stringify(changed));
        assert.equal(parsed.kind, 'unreadable', JSON.stringify(changed));
      }
    }
  });
});
