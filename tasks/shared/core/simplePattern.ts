/** A letter, any letter, or any number of any letters. */
type Token =
  { readonly kind: 'letter'; readonly letter: string } | { readonly kind: 'any' } | { readonly kind: 'many' };

/**
 * Reads a regular expression that is no more than a host with wildcards: letters, digits, `-`, `_`, `:`, `/`, `.`, `.*`,
 * `.+`, a sign behind a backslash, and `^` and `$` at the ends. It means the same as the expression without regard to
 * case, and takes time in proportion to pattern and text.
 *
 * @returns Whether a text matches; nothing for every other expression.
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

/** Goes through the text once for each `many` at most: where what follows does not fit, the last `many` takes one more. */
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
