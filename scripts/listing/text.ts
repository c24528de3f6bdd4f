import { fileAddress } from '../repository';

/**
 * README.md as the Marketplace gets it. There a relative link leads nowhere, and an HTML comment may be shown as text:
 * links to files become addresses in the repository, or plain words when there is none, and comments are left out.
 * Images stay: the package brings them. Blocks of code stay as they are.
 *
 * @param repository - Its address as people open it, such as `https://github.com/owner/name`.
 */
export function listingText(readme: string, repository: string | undefined): string {
  return readme
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : toListing(part, repository)))
    .join('');
}

const toListing = (markdown: string, repository: string | undefined): string =>
  markdown
    .replace(/<!--.*?-->\n*/gs, '')
    // The help of an input may end with a sentence that is only a link: without one, nothing is left of it.
    .replace(/(?<=\. )\[[^\]]+\]\((?!https:)[^)\s]+\) *(?=\|$)/gm, (link) => (repository ? link : ''))
    .replace(/(?<!!)\[([^\]]+)\]\((?!https:|#)([^)\s]+)\)/g, (_link, text: string, target: string) =>
      repository === undefined ? text : `[${text}](${fileAddress(repository, target)})`,
    );
