import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/**
 * Returns a Markdown page with new lines between `<!-- name -->` and `<!-- end of name -->`, formatted.
 *
 * @param page - Its path, which determines the formatting.
 * @throws Error if the page has no such part.
 */
export async function withMarkedPart(
  page: string,
  text: string,
  name: string,
  lines: readonly string[],
): Promise<string> {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [before = '', rest] = text.split(start);
  const [, after] = rest?.split(end) ?? [];
  if (after === undefined) throw new Error(`${page} has no section between ${start} and ${end}.`);
  const changed = [before, start, '\n\n', lines.join('\n'), '\n\n', end, after].join('');
  return format(changed, { ...(await resolveConfig(page)), parser: 'markdown' });
}

/** Replaces the part of a page in its file. @throws Error if the page has no such part. */
export async function replaceMarkedPart(page: string, name: string, lines: readonly string[]): Promise<void> {
  writeFileSync(page, await withMarkedPart(page, readFileSync(page, 'utf8'), name, lines));
}
