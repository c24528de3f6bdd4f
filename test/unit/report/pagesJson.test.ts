import assert from 'node:assert/strict';
import Ajv from 'ajv';
import fc from 'fast-check';
import type { Report } from '../../../tasks/shared/view/report';
import { toJson } from '../../../tasks/JitReport/JitReportV1/src/pages/json';
import { read } from '../../support/docs/documents';
import { arbitraryReport } from '../../support/report/arbitraryReport';
import { bigReport } from '../../support/report/bigReport';
import { aReport } from '../../support/report/reports';
import { sampleReport, SAMPLE_GAPS } from '../../support/report/sampleReport';
import { hostileText } from '../hostileTexts';

const schema = JSON.parse(read('docs/jit-report.schema.json')) as Record<string, unknown>;
const ajv = new Ajv({ allErrors: true });
const isValid = ajv.compile(schema);
const assertValid = (text: string): void => {
  assert.ok(isValid(JSON.parse(text)), ajv.errorsText(isValid.errors));
};

/** Returns every object in a JSON value. */
function objectsIn(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inside : [value as Record<string, unknown>, ...inside];
}

describe('jit-report.json', () => {
  it('conforms to the schema, regardless of the content of the report', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        assertValid(toJson(report));
      }),
    );
  });

  it('conforms to the schema for an empty, a realistic, and a large report', () => {
    for (const report of [aReport(), { ...sampleReport(), gaps: SAMPLE_GAPS }, bigReport(50, 200)]) {
      assertValid(toJson(report));
    }
  });

  it('contains the report unchanged, and no character that a viewer can hide', () => {
    fc.assert(
      fc.property(arbitraryReport(hostileText), (report) => {
        const text = toJson(report);
        assert.deepEqual(JSON.parse(text), report);
        assert.doesNotMatch(text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  it('has its keys in the same order, regardless of how the report was built', () => {
    const backwards = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(backwards);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([key, part]) => [key, backwards(part)] as const);
      return Object.fromEntries(entries.toReversed());
    };
    const report = { ...sampleReport(), gaps: SAMPLE_GAPS };
    assert.equal(toJson(backwards(report) as Report), toJson(report));
    assert.deepEqual(Object.keys(JSON.parse(toJson(report)) as Report).slice(0, 3), [
      ...['schemaVersion', 'generatedAt', 'scopes'],
    ]);
  });
});

describe('the schema of jit-report.json', () => {
  const described = objectsIn(schema).filter(({ type }) => type === 'object');

  it('requires every field and allows no others, at every depth', () => {
    assert.ok(described.length > 10);
    for (const { additionalProperties, required, properties } of described) {
      assert.equal(additionalProperties, false);
      assert.deepEqual(required, Object.keys(properties as object));
    }
  });

  it('describes every field', () => {
    for (const { properties } of described) {
      for (const [name, field] of Object.entries(properties as Record<string, Record<string, unknown>>)) {
        const { description } = field['$ref'] === undefined ? field : { description: 'by its definition' };
        assert.ok(typeof description === 'string' && description.length > 3, name);
      }
    }
  });

  it('has the fields of docs/report.md', () => {
    const [, fieldsOnly = ''] = read('docs/report.md').split('\n## jit-report.json\n');
    const named = new Set([...fieldsOnly.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name));
    const fields = new Set(described.flatMap(({ properties }) => Object.keys(properties as object)));
    assert.deepEqual([...named].sort(), [...fields].sort());
  });

  it('rejects a report with an additional field, and one with a missing field', () => {
    const report = JSON.parse(toJson(sampleReport())) as Record<string, unknown>;
    assert.equal(isValid({ ...report, extra: 1 }), false);
    assert.equal(isValid({ ...report, counts: undefined }), false);
  });
});
