import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';

/** The root of the repository. */
export const ROOT = path.resolve(__dirname, '../../..');

/** Reads a file of the repository, by its path with slashes. */
export const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** A fenced block, with the line of the document on which it opens. */
export interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
  /** The file named in a comment directly before the block, whose text the block repeats: `<!-- examples/x.yml -->`. */
  readonly sameAs: string | undefined;
}

/** The content of a Markdown file, as readers see it in a browser. */
export interface MarkdownDocument {
  /** The path relative to the root, with slashes. */
  readonly file: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The targets of links and images, as written. */
  readonly targets: readonly string[];
  /** The possible targets of links after a `#`. */
  readonly anchors: ReadonlySet<string>;
}

/** Returns the files in a folder with this ending, at any depth. */
export function filesBelow(folder: string, ending: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.replaceAll('\\', '/')))
    .filter((file) => file.endsWith(ending))
    .sort();
}

/** Parses Markdown as CommonMark with tables. */
export function parseDocument(file: string, text: string): MarkdownDocument {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const inline = tokens.flatMap((token) => token.children ?? []);
  return {
    file,
    text,
    blocks: tokens.flatMap((token, index) =>
      token.type === 'fence'
        ? [
            {
              language: token.info.trim(),
              text: token.content,
              line: (token.map?.[0] ?? 0) + 1,
              sameAs: /^<!-- (\S+\/\S+) -->$/.exec(tokens[index - 1]?.content.trim() ?? '')?.[1],
            },
          ]
        : [],
    ),
    targets: inline
      .map((token) => String(token.attrGet('href') ?? token.attrGet('src') ?? ''))
      .filter(Boolean),
    anchors: new Set([
      ...anchorsOf(
        tokens.flatMap((token, index) =>
          token.type === 'heading_open' ? [textOf(tokens[index + 1]?.children ?? [])] : [],
        ),
      ),
      ...inline.flatMap(({ type, content }) => (type === 'html_inline' ? keptAnchors(content) : [])),
    ]),
  };
}

const textOf = (tokens: readonly { readonly content: string }[]): string =>
  tokens.map(({ content }) => content).join('');

/** Returns anchors that are kept for links to a heading that was renamed: `<a id="old"></a>`. */
const keptAnchors = (html: string): readonly string[] =>
  [...html.matchAll(/<a id="([\w-]+)">/g)].map(([, id = '']) => id);

/**
 * Returns the anchors that GitHub gives to headings: in lower case, without punctuation, with hyphens for spaces, and
 * with a number for each further heading with the same text (github.com/Flet/github-slugger follows the same rules).
 */
function anchorsOf(headings: readonly string[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  return new Set(
    headings.map((heading) => {
      const slug = heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, '')
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}

/** All Markdown files of the root, of docs/ and of examples/. */
export const DOCUMENTS: readonly MarkdownDocument[] = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...filesBelow('docs', '.md'),
  ...filesBelow('examples', '.md'),
].map((file) => parseDocument(file, read(file)));
