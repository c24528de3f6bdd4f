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

/** A document as docs/jit-run.schema.json has it; fails for every other text. */
export function parseAttached(text: string): RunDocument {
  const value: unknown = JSON.parse(text);
  assert.ok(isValid(value), ajv.errorsText(isValid.errors));
  return value;
}

/** The documents that a stage of a step attached, each as the schema has it. */
export const documentsOf = ({ attachments }: Pick<Run, 'attachments'>): readonly RunDocument[] =>
  attachments.map(({ file }) => parseAttached(readFileSync(file, 'utf8')));

/** The one document of a stage. */
export function documentOf(run: Pick<Run, 'attachments'>): RunDocument {
  const [document, ...others] = documentsOf(run);
  assert.ok(document && others.length === 0, `${run.attachments.length} documents`);
  return document;
}
