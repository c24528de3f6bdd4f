import path from 'node:path';
import { fileAddress, type Repository } from '../repository';

/** The source of the extension's Marketplace page, relative to the repository. In the package it is README.md. */
export const MARKETPLACE_PAGE = 'docs/marketplace.md';

/** A part of the page that only a package with a repository has, because it refers to documents. */
const WITH_REPOSITORY = /<!-- with a repository -->\n+([\s\S]*?)<!-- end of with a repository -->\n+/g;
/** A link, not an image, to a file of the repository. */
const FILE_LINK = /(?<!!)\[([^\]]+)\]\((?!https:|#)([^)\s]+)\)/g;

/**
 * Converts the Marketplace page to its packed form. There, a relative link would be broken, and an HTML comment could
 * be shown as text. Links to files become URLs in the repository at the tag of the version, and comments are removed.
 * Without a repository, the parts that refer to documents are removed. Images are in the package. Code does not change.
 *
 * @param file - The source, relative to the repository. Links and images in it are relative to its folder.
 * @throws Error if there is no repository, but a link to a file remains.
 */
export function listingText(markdown: string, file: string, repository: Repository | undefined): string {
  const folder = path.posix.dirname(file);
  return markdown
    .replace(WITH_REPOSITORY, (_part, content: string) => (repository === undefined ? '' : content))
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : toListing(part, file, folder, repository)))
    .join('');
}

function toListing(
  markdown: string,
  file: string,
  folder: string,
  repository: Repository | undefined,
): string {
  return markdown
    .replace(/<!--.*?-->\n*/gs, '')
    .replace(
      /!\[([^\]]*)\]\((?!https:)([^)\s]+)\)/g,
      (_image, text: string, target: string) => `![${text}](${path.posix.join(folder, target)})`,
    )
    .replace(FILE_LINK, (_link, text: string, target: string) => {
      if (repository === undefined) {
        throw new Error(
          `${file} links to ${target} outside of a part that only packages with a repository have.`,
        );
      }
      return `[${text}](${fileAddress(repository, path.posix.join(folder, target))})`;
    });
}
