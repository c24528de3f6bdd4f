import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import type { RunDocument } from '../../tasks/shared/document/document';
import type { Run } from './agent/step';
import { read } from './docs/documents';

const schema = (name: string): object => JSON.parse(read(`docs/${name}`)) as object;
const ajv = new Ajv({ allErrors: true, formats: { 'date-time': true } });
ajv.addSchema(schema('jit-report.schema.json'), 'jit-report.schema.json');
const isValid = ajv.compile<RunDocument>(schema('jit-run.schema.json'));

/** Parses a document according to docs/jit-run.schema.json, and fails for every other text. */
export function parseAttached(text: string): RunDocument {
  const value: unknown = JSON.parse(text);
  assert.ok(isValid(value), ajv.errorsText(isValid.errors));
  return value;
}

/** Returns the documents that a step attached, each checked against the schema. */
export const documentsOf = ({ attachments }: Pick<Run, 'attachments'>): readonly RunDocument[] =>
  attachments.map(({ file }) => parseAttached(readFileSync(file, 'utf8')));

/** Returns the only document of a step. */
export function documentOf(run: Pick<Run, 'attachments'>): RunDocument {
  const [document, ...others] = documentsOf(run);
  assert.ok(document && others.length === 0, `${run.attachments.length} documents`);
  return document;
}
