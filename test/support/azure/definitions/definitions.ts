import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { DEVIATIONS, OTHER_PLACES, type Deviation } from './deviations';

/** A call with the simulation's response. */
export interface Judged {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The body of the request, as text. */
  readonly request: string;
  readonly status: number;
  readonly answer: string;
}

/** The published definitions, as far as they are used. */
export interface Definitions {
  /** Returns a sentence for each difference between the call and the published definitions. */
  problems(call: Judged): readonly string[];
}

type Schema = Readonly<Record<string, unknown>>;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly request?: string;
  readonly answers: Readonly<Record<string, string | null>>;
}

interface Published {
  readonly source: { readonly definitions: string; readonly package: string };
  readonly operations: readonly Operation[];
  readonly definitions: Readonly<Record<string, Schema>>;
}

const FOLDER = path.resolve(__dirname, '../../../definitions');
export const DEFINITION_FILES = [
  ...['jit', 'network', 'compute', 'authorization', 'activityLog', 'resources', 'resourceGraph'],
] as const;

export const readPublished = (name: string): Published =>
  JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), 'utf8')) as Published;

/** The parameters that links to further pages add to an operation. */
const PAGING = ['$skiptoken', '$skipToken'];

interface Known {
  readonly name: string;
  readonly pattern: RegExp;
  readonly operation: Operation;
}

/** @param deviations the known differences between Azure and its definitions */
export function createDefinitions(deviations: readonly Deviation[] = DEVIATIONS): Definitions {
  const files = new Map(DEFINITION_FILES.map((name) => [name as string, readPublished(name)]));
  const known: readonly Known[] = [...files].flatMap(([name, { operations }]) =>
    [...operations, ...elsewhere(name, operations)].map((operation) => ({
      ...{ name, operation },
      pattern: toPattern(operation.path),
    })),
  );
  const validators = new Map<string, ValidateFunction>();

  /** A request must not have fields that only the service can set. */
  function validatorOf(name: string, type: string, isRequest: boolean): ValidateFunction {
    const key = `${name} ${type} ${String(isRequest)}`;
    const found = validators.get(key) ?? compile(files.get(name), name, type, isRequest, deviations);
    validators.set(key, found);
    return found;
  }

  function check(name: string, type: string, text: string, isRequest: boolean): readonly string[] {
    const what = `${isRequest ? 'The request' : 'The answer'} is no ${type}:`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return [`${what} it is no JSON.`];
    }
    const validate = validatorOf(name, type, isRequest);
    if (validate(value)) return [];
    return [...new Set((validate.errors ?? []).map(toSentence))].map((one) => `${what} ${one}`);
  }

  return {
    problems({ method, path: place, query, request, status, answer }) {
      // A request that Azure refuses can have any content, and so can the refusal.
      if (status >= 400) return [];
      const found = known.find((one) => one.operation.method === method && one.pattern.test(place));
      if (!found) return ['It is no published operation.'];
      const { name, operation } = found;
      const strange = [...query.keys()].filter((one) => ![...operation.query, ...PAGING].includes(one));
      const type = operation.answers[String(status)];
      return [
        ...strange.map((one) => `The parameter ${one} is not published.`),
        ...(operation.request === undefined ? [] : check(name, operation.request, request, true)),
        ...(type === undefined
          ? [`The status ${String(status)} is not published.`]
          : type === null
            ? answer === ''
              ? []
              : ['The answer has a body, and none is published.']
            : check(name, type, answer, false)),
      ];
    },
  };
}

/** Returns the same operations in places that only Azure has. */
const elsewhere = (name: string, operations: readonly Operation[]): readonly Operation[] =>
  OTHER_PLACES.filter(({ definitions }) => definitions === name).flatMap(({ like, path: place }) =>
    operations
      .filter((operation) => operation.path === like)
      .map((operation) => ({ ...operation, path: place })),
  );

function compile(
  published: Published | undefined,
  name: string,
  type: string,
  isRequest: boolean,
  deviations: readonly Deviation[],
): ValidateFunction {
  const ajv = new Ajv({ allErrors: true, strict: false, validateSchema: false });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$/);
  ajv.addFormat('duration', /^P(?=[\dT])(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/);
  const definitions = structuredClone(published?.definitions ?? {}) as Record<string, MutableSchema>;
  for (const deviation of deviations) if (deviation.definitions === name) apply(deviation, definitions);
  if (isRequest) for (const schema of Object.values(definitions)) withoutReadOnly(schema);
  return ajv.compile({ $ref: `#/definitions/${type}`, definitions });
}

interface MutableSchema {
  properties?: Record<string, MutableSchema>;
  required?: string[];
  enum?: unknown[];
  readOnly?: boolean;
}

function apply(
  { type, field, words, schema, optional }: Deviation,
  definitions: Record<string, MutableSchema>,
): void {
  const names = field.split('.');
  const last = names.pop() ?? '';
  let at = definitions[type];
  for (const name of names) at = at?.properties?.[name];
  if (!at?.properties) throw new Error(`${type} has no place for ${field}.`);
  if (optional) at.required = at.required?.filter((name) => name !== last) ?? [];
  else if (words) at.properties[last]?.enum?.push(...words);
  else at.properties[last] = { ...schema };
}

function withoutReadOnly(schema: MutableSchema): void {
  for (const [name, one] of Object.entries(schema.properties ?? {})) {
    if (one.readOnly) delete schema.properties?.[name];
    else withoutReadOnly(one);
  }
}

/** Fixed segments of a path are compared without case, as in Azure Resource Manager. */
function toPattern(template: string): RegExp {
  const source = template
    .replace(/[.$()]/g, '\\$&')
    .replace(/\{parentResourcePath\}\//g, '(?:.*/)?')
    .replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}$`, 'i');
}

function toSentence({ instancePath, message = '', params }: ErrorObject): string {
  const named = Object.values(params as Readonly<Record<string, unknown>>).filter(
    (one) => typeof one === 'string',
  );
  const at = instancePath.replace(/\/\d+/g, '/…') || 'it';
  return `${at} ${message}${named.length > 0 ? ` (${named.join(', ')})` : ''}`;
}
