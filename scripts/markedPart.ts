import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/**
 * Replaces the part of a Markdown page between `<!-- name -->` and `<!-- end of name -->`, and formats the page.
 *
 * @throws Error when the page has no such part
 */
export async function replaceMarkedPart(page: string, name: string, lines: readonly string[]): Promise<void> {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const text = readFileSync(page, 'utf8');
  const [before = '', rest] = text.split(start);
  const [, after] = rest?.split(end) ?? [];
  if (after === undefined) throw new Error(`${page} has no section between ${start} and ${end}.`);
  const changed = [before, start, '\n\n', lines.join('\n'), '\n\n', end, after].join('');
  writeFileSync(page, await format(changed, { ...(await resolveConfig(page)), parser: 'markdown' }));
}
