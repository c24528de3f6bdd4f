/** VMs that are selected by their properties: a filter that Azure Resource Graph applies. */
export interface VmQuery {
  /** A condition in the Kusto language, checked by `findFilterProblem`. */
  readonly filter: string;
  /** The IDs of the subscriptions to search. Empty means all that the identity can read. */
  readonly subscriptionIds: readonly string[];
  /** The most VMs that it can select. */
  readonly maxVms: number;
  /** Whether it can select no VM. */
  readonly allowEmpty: boolean;
}

/** Whether VMs are selected by a query, and not by their names. */
export const isVmQuery = (vms: readonly unknown[] | VmQuery): vms is VmQuery => !Array.isArray(vms);

/** The number of lines in the query before the filter, which begins on its own line. */
export const LINES_BEFORE_FILTER = 3;

/** Returns the query as it is sent: only VMs for which the filter is true, in the order of their IDs. */
export const toGraphQuery = (filter: string): string => `resources
| where type =~ 'microsoft.compute/virtualmachines'
| where (
${filter}
)
| project id
| order by id asc`;

/** Why a text is not a filter. */
export interface FilterProblem {
  readonly kind:
    'operator' | 'comment' | 'word' | 'bracket' | 'openBracket' | 'openText' | 'multiLineText' | 'quote';
  /** The part of the text that causes the problem. */
  readonly part: string;
}

/** Words that begin another table, an inline table, or another query. A property with such a name is allowed. */
const WORDS: ReadonlySet<string> = new Set([
  ...['union', 'join', 'lookup', 'let', 'find', 'search', 'evaluate', 'invoke', 'materialize', 'toscalar'],
  ...['externaldata', 'datatable', 'cluster', 'database', 'table'],
]);

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Finds what would end a filter before its end. The condition is inside `where (…)`, so it can only select VMs if its
 * brackets and strings are closed in order and no operator is outside of them. If the versions of the language disagree
 * about the end of a string, the string is rejected. Source: Microsoft Learn, "Kusto Query Language: the string data
 * type".
 */
export function findFilterProblem(filter: string): FilterProblem | undefined {
  const open: string[] = [];
  for (let at = 0; at < filter.length; at += 1) {
    const rest = filter.slice(at);
    const character = filter.charAt(at);
    if (character === "'" || character === '"') {
      const text = readText(filter, at);
      if (typeof text !== 'number') return text;
      at = text;
      continue;
    }
    const [word] = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(rest) ?? [];
    if (word !== undefined) {
      if (WORDS.has(word.toLowerCase()) && filter.charAt(at - 1) !== '.') return { kind: 'word', part: word };
      at += word.length - 1;
      continue;
    }
    const found = readSign(rest, character, open);
    if (found) return found;
  }
  const [last] = open.slice(-1);
  return last === undefined ? undefined : { kind: 'openBracket', part: last };
}

function readSign(rest: string, character: string, open: string[]): FilterProblem | undefined {
  if (rest.startsWith('//') || rest.startsWith('/*')) return { kind: 'comment', part: rest.slice(0, 2) };
  if (rest.startsWith('~~~') || character === '`') return { kind: 'multiLineText', part: character };
  if (character === '|' || character === ';') return { kind: 'operator', part: character };
  if (character in CLOSING) open.push(character);
  else if (Object.values(CLOSING).includes(character)) {
    const opening = open.pop();
    if (opening === undefined || CLOSING[opening] !== character) return { kind: 'bracket', part: character };
  }
  return undefined;
}

/** Returns the position where the string that begins here ends, or what is wrong with it. */
function readText(filter: string, from: number): number | FilterProblem {
  const quote = filter.charAt(from);
  const end = filter.indexOf(quote, from + 1);
  const text = filter.slice(from, end === -1 ? undefined : end + 1);
  if (end === -1 || /[\r\n]/.test(text)) return { kind: 'openText', part: text.split(/[\r\n]/)[0] ?? '' };
  const isDoubtful = filter.charAt(end - 1) === '\\' || filter.charAt(end + 1) === quote;
  return isDoubtful ? { kind: 'quote', part: text } : end;
}
