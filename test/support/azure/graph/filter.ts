/** A row of Resource Graph, as far as filters use it. */
export type Row = Readonly<Record<string, unknown>>;

/** The position at which a filter is invalid, from 0. */
export class FilterError extends Error {
  constructor(
    readonly at: number,
    readonly token: string,
  ) {
    super(`Parser failure at ${at} near ${token}`);
  }
}

interface Token {
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

type Test = (row: Row) => boolean;

const TOKEN =
  /\s*(?:(?<text>@?'[^'\n]*'|@?"[^"\n]*")|(?<word>!?[A-Za-z_][\w-]*~?)|(?<sign>==|=~|!=|!~|[().,[\]]))/y;

/**
 * Parses the part of the Kusto language in which filters for VMs are written: comparisons of columns and their
 * properties with texts, `and`, `or`, `not(…)`, and brackets. @throws FilterError
 */
export function parseFilter(filter: string): Test {
  const tokens = toTokens(filter);
  let next = 0;
  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', at: filter.length };
  const fail = (token = peek()): never => {
    throw new FilterError(token.at, token.text);
  };
  const take = (text?: string): Token => {
    const token = peek();
    if (text !== undefined && token.text.toLowerCase() !== text) fail(token);
    next += 1;
    return token;
  };
  const is = (text: string): boolean => peek().kind !== 'text' && peek().text.toLowerCase() === text;

  const many = (word: string, one: () => Test, join: (tests: readonly Test[], row: Row) => boolean): Test => {
    const tests = [one()];
    while (is(word)) {
      take();
      tests.push(one());
    }
    return (row) => join(tests, row);
  };
  const either = (): Test => many('or', both, (tests, row) => tests.some((test) => test(row)));
  const both = (): Test => many('and', single, (tests, row) => tests.every((test) => test(row)));
  const inBrackets = (): Test => {
    take('(');
    const test = either();
    take(')');
    return test;
  };
  function single(): Test {
    if (is('(')) return inBrackets();
    if (is('not')) {
      take();
      const test = inBrackets();
      return (row) => !test(row);
    }
    const read = column();
    const operator = take();
    if (operator.kind === 'text' || operator.kind === 'end') fail(operator);
    const name = operator.text.toLowerCase();
    const isNegated = name.startsWith('!');
    const compare =
      COMPARISONS[isNegated ? (name === '!=' ? '==' : name === '!~' ? '=~' : name.slice(1)) : name];
    if (!compare) return fail(operator);
    const values = is('(') ? list() : [text()];
    return (row) => values.some((value) => compare(read(row), value)) !== isNegated;
  }
  function column(): (row: Row) => string {
    const word = take();
    if (word.kind !== 'word') fail(word);
    const path = [word.text];
    while (is('.') || is('[')) {
      if (take().text === '.') path.push(take().text);
      else {
        path.push(text());
        take(']');
      }
    }
    return (row) => {
      const value = path.reduce<unknown>(
        (inner, name) => (typeof inner === 'object' && inner !== null ? (inner as Row)[name] : undefined),
        row,
      );
      return typeof value === 'string' ? value : '';
    };
  }
  function text(): string {
    const token = take();
    if (token.kind !== 'text') fail(token);
    return token.text.replace(/^@?.|.$/g, '');
  }
  function list(): readonly string[] {
    take('(');
    const values = [text()];
    while (is(',')) {
      take();
      values.push(text());
    }
    take(')');
    return values;
  }

  const test = either();
  if (peek().kind !== 'end') fail();
  return test;
}

type Compare = (found: string, wanted: string) => boolean;
const anyCase =
  (compare: Compare): Compare =>
  (found, wanted) =>
    compare(found.toLowerCase(), wanted.toLowerCase());

/** https://learn.microsoft.com/azure/data-explorer/kusto/query/datatypes-string-operators */
const COMPARISONS: Readonly<Record<string, Compare>> = {
  '==': (found, wanted) => found === wanted,
  '=~': anyCase((found, wanted) => found === wanted),
  in: (found, wanted) => found === wanted,
  'in~': anyCase((found, wanted) => found === wanted),
  startswith: anyCase((found, wanted) => found.startsWith(wanted)),
  endswith: anyCase((found, wanted) => found.endsWith(wanted)),
  contains: anyCase((found, wanted) => found.includes(wanted)),
};

function toTokens(filter: string): readonly Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let at = 0;
  while (filter.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(filter);
    if (!found?.groups) throw new FilterError(at, filter.slice(at).trim().charAt(0));
    const { text, word, sign } = found.groups;
    const kind = text !== undefined ? 'text' : word !== undefined ? 'word' : 'sign';
    const token = text ?? word ?? sign ?? '';
    tokens.push({ kind, text: token, at: TOKEN.lastIndex - token.length });
    at = TOKEN.lastIndex;
  }
  return tokens;
}
