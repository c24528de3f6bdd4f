/** Which VMs are meant, by what they are: a filter that Azure Resource Graph applies. */
export interface VmQuery {
  /** A condition in the Kusto language, checked by `findFilterProblem`. */
  readonly filter: string;
  /** Ids of the subscriptions to search; none means all that the identity sees. */
  readonly subscriptionIds: readonly string[];
  /** How many VMs it may find. */
  readonly maxVms: number;
  /** Whether finding none is as meant. */
  readonly allowEmpty: boolean;
}

/** Whether VMs are meant by a query, and not by their names. */
export const isVmQuery = (vms: readonly unknown[] | VmQuery): vms is VmQuery => !Array.isArray(vms);

/** How many lines of the query stand before the filter, which begins on a line of its own. */
export const LINES_BEFORE_FILTER = 3;

/** The query as it is sent: VMs that the filter is true for, and nothing else, in the order of their ids. */
export const toGraphQuery = (filter: string): string => `resources
| where type =~ 'microsoft.compute/virtualmachines'
| where (
${filter}
)
| project id
| order by id asc`;

/** Why a text is no filter. */
export interface FilterProblem {
  readonly kind:
    'operator' | 'comment' | 'word' | 'bracket' | 'openBracket' | 'openText' | 'multiLineText' | 'quote';
  /** What of the text stands against it. */
  readonly part: string;
}

/** What begins another table, a table made on the spot, or another query; a property of that name is none. */
const WORDS: ReadonlySet<string> = new Set([
  ...['union', 'join', 'lookup', 'let', 'find', 'search', 'evaluate', 'invoke', 'materialize', 'toscalar'],
  ...['externaldata', 'datatable', 'cluster', 'database', 'table'],
]);

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Finds what would let a filter end before its end: the condition that it stands in is `where (…)`, so that it can only
 * select among VMs as long as its brackets and texts are closed in order and no operator is outside of them. Where the
 * versions of the language disagree about the end of a text, the text is refused. Learn, "Kusto Query Language: the string
 * data type".
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

/** Where the text ends that begins here, or what is wrong with it. */
function readText(filter: string, from: number): number | FilterProblem {
  const quote = filter.charAt(from);
  const end = filter.indexOf(quote, from + 1);
  const text = filter.slice(from, end === -1 ? undefined : end + 1);
  if (end === -1 || /[\r\n]/.test(text)) return { kind: 'openText', part: text.split(/[\r\n]/)[0] ?? '' };
  const isDoubtful = filter.charAt(end - 1) === '\\' || filter.charAt(end + 1) === quote;
  return isDoubtful ? { kind: 'quote', part: text } : end;
}
