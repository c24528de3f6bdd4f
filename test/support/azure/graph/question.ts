import { refuse } from '../http/answers';
import { isFields, parseFields, strangeFields, type Fields } from '../jit/fields';
import { JIT_ASSESSMENT } from '../defender/assessments';

/** A question to Resource Graph: one for Defender's assessments, or for the ids of VMs that a filter is true for. */
export interface GraphQuestion {
  /** Absent: all that the caller sees. */
  readonly subscriptions: readonly string[] | undefined;
  /** Absent where assessments are asked for. */
  readonly filter: VmFilter | undefined;
  readonly top: number;
  readonly skipToken: string | undefined;
}

/** A filter as it stands in a query. */
export interface VmFilter {
  readonly text: string;
  /** The line of the query that it begins on, from 1 on. */
  readonly line: number;
}

/** What has to stand around a filter. Whatever is in its place, the query selects VMs only if nothing leaves the brackets. */
const VM_QUERY =
  /^(?<before>resources\s*\|\s*where\s+type\s*=~\s*'microsoft\.compute\/virtualmachines'\s*\|\s*where\s*\(\s*?\n)(?<filter>.*)\n\)\s*\|\s*project\s+id\s*\|\s*order\s+by\s+id\s+asc$/is;

function parseVmQuery(query: string): VmFilter | undefined {
  const { before = '', filter } = VM_QUERY.exec(query)?.groups ?? {};
  return filter === undefined ? undefined : { text: filter, line: before.split('\n').length };
}

/** Whether a body asks for VMs. */
export const isVmQuery = (text: string): boolean => text.includes('microsoft.compute/virtualmachines');

const QUERY = squeeze(`
  securityresources
  | where type =~ 'microsoft.security/assessments' and name =~ '${JIT_ASSESSMENT}'
  | project id, resourceId = tolower(tostring(properties.resourceDetails.Id)),
    status = tostring(properties.status.code), cause = tostring(properties.status.cause)
  | order by id asc`);

/** Whitespace means nothing to the query language beyond keeping words apart. */
function squeeze(query: string): string {
  return query
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?(=~|[|,=()]) ?/g, '$1');
}

/**
 * Reads the body of a question. Any other query, field or form of result is reported: Resource Graph may know it, but
 * this simulation does not.
 *
 * @throws Refusal 400 in the words of Resource Graph
 */
export function parseQuestion(text: string, violate: (sentence: string) => void): GraphQuestion {
  const reject = (what: string): never => {
    violate(`Resource Graph was asked with ${what}.`);
    throw refuse(400, 'BadRequest', `The request to Resource Graph has ${what}.`);
  };
  const body = parseFields(text);
  const options = isFields(body['options']) ? body['options'] : {};
  const strange = [
    ...strangeFields(body, ['subscriptions', 'query', 'options']),
    ...strangeFields(options, ['resultFormat', '$top', '$skipToken']),
  ];
  if (strange.length > 0) reject(`the fields ${strange.join(', ')}`);
  const { subscriptions, query } = body;
  const isList = isTexts(subscriptions) && subscriptions.length > 0;
  if (subscriptions !== undefined && !isList) return reject('subscriptions that are no list');
  const filter = parseVmQuery(String(query));
  if (!filter && (typeof query !== 'string' || squeeze(query) !== QUERY))
    reject(`the query ${String(query)}`);
  if (options['resultFormat'] !== 'objectArray') reject('another form of result than objectArray');
  return { subscriptions: isList ? subscriptions : undefined, filter, ...parseOptions(options, reject) };
}

function parseOptions(
  options: Fields,
  reject: (what: string) => never,
): Pick<GraphQuestion, 'top' | 'skipToken'> {
  const { $top: top, $skipToken: skipToken } = options;
  if (typeof top !== 'number' || !Number.isInteger(top) || top < 1 || top > 1000) {
    return reject('a $top that is not between 1 and 1000');
  }
  if (skipToken !== undefined && typeof skipToken !== 'string') return reject('a $skipToken that is no text');
  return { top, skipToken };
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
