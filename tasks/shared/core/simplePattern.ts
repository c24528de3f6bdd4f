/** A certain character, any character, or any number of characters. */
type Token =
  { readonly kind: 'letter'; readonly letter: string } | { readonly kind: 'any' } | { readonly kind: 'many' };

/**
 * Reads a regular expression that is only a host with wildcards: letters, digits, `-`, `_`, `:`, `/`, `.`, `.*`, `.+`,
 * a character after a backslash, and `^` and `$` at the ends. The result means the same as the case-insensitive
 * expression, and takes time in proportion to the length of the pattern times that of the text, at most.
 *
 * @returns A function that returns whether a text matches. `undefined` for any other expression.
 */
export function parseSimplePattern(pattern: string): ((text: string) => boolean) | undefined {
  const isStart = pattern.startsWith('^');
  const isEnd = /(?:^|[^\\])\$$/.test(pattern);
  const middle = pattern.slice(isStart ? 1 : 0, isEnd ? -1 : undefined);
  const tokens: Token[] = isStart ? [] : [{ kind: 'many' }];
  for (const [part] of middle.matchAll(/\.\*|\.\+|\.|\\[^a-z\d]|[^]/gi)) {
    if (part === '.*') tokens.push({ kind: 'many' });
    else if (part === '.+') tokens.push({ kind: 'any' }, { kind: 'many' });
    else if (part === '.') tokens.push({ kind: 'any' });
    else if (part.length === 2) tokens.push({ kind: 'letter', letter: part.slice(1) });
    else if (/[a-z\d_:/-]/i.test(part)) tokens.push({ kind: 'letter', letter: part.toLowerCase() });
    else return undefined;
  }
  if (!isEnd) tokens.push({ kind: 'many' });
  return (text) => matches(tokens, text.toLowerCase());
}

/** Matches without nested backtracking: if what follows the last `many` does not match, only this `many` takes more. */
function matches(tokens: readonly Token[], text: string): boolean {
  let at = 0;
  let next = 0;
  let retry: { readonly next: number; at: number } | undefined;
  while (at < text.length) {
    const token = tokens[next];
    if (token?.kind === 'many') {
      retry = { next: next + 1, at };
      next += 1;
    } else if (token && (token.kind === 'any' || token.letter === text[at])) {
      next += 1;
      at += 1;
    } else if (retry) {
      retry.at += 1;
      ({ next, at } = retry);
    } else {
      return false;
    }
  }
  return tokens.slice(next).every(({ kind }) => kind === 'many');
}
