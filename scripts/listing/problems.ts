import path from 'node:path';
import MarkdownIt from 'markdown-it';

/** The source of a Marketplace page. */
export interface Listing {
  /** The Markdown of the page, as packed. */
  readonly text: string;
  readonly manifest: ListingManifest;
  /** The files of the package, relative to it, with slashes. */
  readonly files: readonly string[];
}

/** The part of the packed manifest that the page shows. */
export interface ListingManifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly description: string;
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly branding: { readonly color: string; readonly theme: 'dark' | 'light' };
  readonly icons: { readonly default: string };
  readonly screenshots?: readonly { readonly path: string }[];
  readonly badges?: readonly { readonly href: string; readonly uri: string; readonly description: string }[];
  readonly links?: Readonly<Record<string, { readonly uri: string }>>;
  readonly repository?: { readonly url: string };
  readonly CustomerQnASupport?: { readonly enablemarketplaceqna: boolean; readonly url?: string };
  readonly files: readonly { readonly path: string; readonly addressable?: boolean }[];
}

/** Image formats that the Marketplace shows. It accepts SVG only for known badges. */
const PICTURE = /\.(?:png|jpe?g|gif)$/i;

/**
 * Reports what would be broken on the page: links that lead nowhere there, and missing images.
 *
 * @returns A sentence for each problem, and nothing if the page has none.
 */
export function findListingProblems({ text, manifest, files }: Listing): string[] {
  const tokens = new MarkdownIt({ html: true }).parse(text, {});
  const all = tokens.flatMap((token) => [token, ...(token.children ?? [])]);
  return all
    .flatMap((token) => {
      switch (token.type) {
        case 'html_block':
        case 'html_inline':
          return [`The listing holds HTML, which may be shown as text: ${token.content.trim()}`];
        case 'link_open':
          return linkProblems(String(token.attrGet('href')));
        case 'image':
          return imageProblems(String(token.attrGet('src')), token.content, manifest, files);
        default:
          return [];
      }
    })
    .concat(manifestProblems(manifest, files));
}

const linkProblems = (target: string): string[] =>
  target.startsWith('https://')
    ? []
    : [`The listing links to ${target}: on the Marketplace, only https addresses work.`];

function imageProblems(
  source: string,
  alternative: string,
  manifest: ListingManifest,
  files: readonly string[],
): string[] {
  const problems = alternative === '' ? [`The image ${source} has no text for those who cannot see it.`] : [];
  if (!PICTURE.test(source))
    problems.push(`The image ${source} is of a kind that the Marketplace does not show.`);
  if (source.startsWith('https://')) return problems;
  if (!files.includes(source)) problems.push(`The listing shows ${source}, which is not in the package.`);
  // The Marketplace finds a relative image among the addressable files, by its path in the package.
  const isAddressable = manifest.files.some(
    (entry) => entry.addressable === true && (source === entry.path || source.startsWith(`${entry.path}/`)),
  );
  if (!isAddressable) problems.push(`The image ${source} needs "addressable" in the manifest's files.`);
  return problems;
}

function manifestProblems(manifest: ListingManifest, files: readonly string[]): string[] {
  const shown = [
    manifest.icons.default,
    ...(manifest.screenshots ?? []).map((screenshot) => screenshot.path),
  ];
  const addresses = [
    ...Object.values(manifest.links ?? {}).map(({ uri }) => uri),
    ...(manifest.badges ?? []).flatMap(({ href, uri }) => [href, uri]),
  ];
  return [
    ...shown
      .filter((file) => !files.includes(path.posix.normalize(file)))
      .map((file) => `The manifest names ${file}, which is not in the package.`),
    ...addresses
      .filter((address) => !address.startsWith('https://'))
      .map((address) => `The manifest names ${address}, which is no https address.`),
  ];
}
