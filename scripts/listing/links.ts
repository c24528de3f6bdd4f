import { existsSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import { fileAddress, type Repository } from '../repository';
import type { Listing } from './problems';

/** A link or an image of the Marketplace page, or a URL in the manifest. */
export interface ListingLink {
  readonly target: string;
  /**
   * The target: a file of the package, a file of the repository at the tag, another page of the repository, or another
   * site.
   */
  readonly kind: 'package' | 'file' | 'repository' | 'site';
  /** The file, relative to the package or to the repository, with the anchor if there is one. */
  readonly file?: string;
}

/** Returns every link of the page and of its manifest in order, with its target. */
export function findLinks(
  { text, manifest }: Pick<Listing, 'text' | 'manifest'>,
  repository: Repository | undefined,
): readonly ListingLink[] {
  const tokens = new MarkdownIt().parse(text, {}).flatMap(({ children }) => children ?? []);
  const inPage = tokens
    .map((token) => String(token.attrGet('href') ?? token.attrGet('src') ?? ''))
    .filter((target) => target !== '');
  const inManifest = [
    ...Object.values(manifest.links ?? {}).map(({ uri }) => uri),
    ...(manifest.badges ?? []).flatMap(({ href, uri }) => [href, uri]),
    ...[manifest.CustomerQnASupport?.url, manifest.repository?.url].filter((url) => url !== undefined),
  ];
  return [...inPage, ...inManifest].map((target) => toLink(target, repository));
}

function toLink(target: string, repository: Repository | undefined): ListingLink {
  if (!/^[a-z]+:/.test(target)) return { target, kind: 'package', file: target };
  const file = repository && fileOf(target, repository);
  if (file !== undefined) return { target, kind: 'file', file };
  return { target, kind: repository && target.startsWith(repository.url) ? 'repository' : 'site' };
}

/** Returns the file that a URL shows at the tag, as the inverse of `fileAddress`. */
function fileOf(target: string, repository: Repository): string | undefined {
  const [before = '', behind = ''] = fileAddress(repository, '{file}').split('{file}');
  if (!target.startsWith(before)) return undefined;
  const rest = target.slice(before.length);
  if (behind === '') return rest;
  const [file = '', anchor] = rest.replace(behind, '').split('&anchor=');
  return anchor === undefined ? file : `${file}#${anchor}`;
}

/** Returns a sentence for each link to a file that is missing in the package or in the repository. */
export function findBrokenLinks(
  links: readonly ListingLink[],
  packed: readonly string[],
  root: string,
): readonly string[] {
  return links.flatMap(({ target, kind, file = '' }) => {
    const [name = ''] = file.split('#');
    const isThere =
      kind === 'package' ? packed.includes(name) : kind !== 'file' || existsSync(path.join(root, name));
    return isThere ? [] : [`The listing refers to ${target}, and there is no file ${name}.`];
  });
}

/** Returns a line with the number of links by target. */
export function formatLinks(links: readonly ListingLink[]): string {
  const count = (kind: ListingLink['kind']): number => links.filter((link) => link.kind === kind).length;
  return (
    `${links.length} links: ${count('package')} to files of the package, ${count('file')} to files of the repository, ` +
    `${count('repository')} to other pages of the repository, ${count('site')} to other sites.`
  );
}
