import { refuse } from '../http/answers';
import { isFields, parseFields, strangeFields, type Fields } from '../jit/fields';
import { JIT_ASSESSMENT } from '../defender/assessments';

/** A query to Resource Graph, either for Defender's assessments or for the IDs of VMs that match a filter. */
export interface GraphQuestion {
  /** Absent for everything that the caller can read. */
  readonly subscriptions: readonly string[] | undefined;
  /** Absent for a query for assessments. */
  readonly filter: VmFilter | undefined;
  readonly top: number;
  readonly skipToken: string | undefined;
}

/** A filter as it appears in a query. */
export interface VmFilter {
  readonly text: string;
  /** The line of the query on which it begins, from 1. */
  readonly line: number;
}

/**
 * The text that must surround a filter. Whatever the filter is, the query selects VMs only, unless the filter leaves
 * the brackets.
 */
const VM_QUERY =
  /^(?<before>resources\s*\|\s*where\s+type\s*=~\s*'microsoft\.compute\/virtualmachines'\s*\|\s*where\s*\(\s*?\n)(?<filter>.*)\n\)\s*\|\s*project\s+id\s*\|\s*order\s+by\s+id\s+asc$/is;

function parseVmQuery(query: string): VmFilter | undefined {
  const { before = '', filter } = VM_QUERY.exec(query)?.groups ?? {};
  return filter === undefined ? undefined : { text: filter, line: before.split('\n').length };
}

/** Whether a body is a query for VMs. */
export const isVmQuery = (text: string): boolean => text.includes('microsoft.compute/virtualmachines');

const QUERY = squeeze(`
  securityresources
  | where type =~ 'microsoft.security/assessments' and name =~ '${JIT_ASSESSMENT}'
  | project id, resourceId = tolower(tostring(properties.resourceDetails.Id)),
    status = tostring(properties.status.code), cause = tostring(properties.status.cause)
  | order by id asc`);

/** In the query language, whitespace only separates words. */
function squeeze(query: string): string {
  return query
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?(=~|[|,=()]) ?/g, '$1');
}

/**
 * Parses the body of a query. Any other query, field, or result format is reported, because this simulation does not
 * support it even if Resource Graph does.
 *
 * @throws Refusal 400 in Resource Graph's wording
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
