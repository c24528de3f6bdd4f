import { parseVersion } from './version';

/** A repository at the tag of a release. Links into it show the files of that release. */
export interface Repository {
  /** Its page, such as `https://github.com/owner/name`. */
  readonly url: string;
  /** `v1.2.3` */
  readonly tag: string;
}

/** The message if a package needs a repository, but package.json names none. */
export const HOW_TO_NAME_ONE =
  'Name it: npm pkg set repository.type=git repository.url=https://github.com/your-name/your-repository';

/**
 * Returns the repository in the field `repository` of package.json, as npm defines it: `{"type": "git", "url":
 * "git+https://github.com/owner/name.git"}`.
 *
 * @param url - Replaces the one in package.json.
 * @returns undefined if none is named.
 * @throws Error for a URL that is not HTTPS.
 */
export function findRepository(
  packageJson: Readonly<Record<string, unknown>>,
  url = (packageJson['repository'] as { readonly url?: string } | undefined)?.url,
): Repository | undefined {
  if (url === undefined) return undefined;
  const address = url.replace(/^git\+/, '').replace(/\.git$/, '');
  if (!/^https:\/\/[^/@]+\/./.test(address)) {
    throw new Error(`The repository in package.json must be an https address without a user, not "${url}".`);
  }
  return { url: address, tag: `v${parseVersion(packageJson).text}` };
}

/**
 * Returns the URL at which people read a file of the repository.
 *
 * @param target - The file, relative to the root, with the anchor of a heading if there is one.
 */
export function fileAddress({ url, tag }: Repository, target: string): string {
  const [file = '', anchor] = target.split('#');
  if (!/^https:\/\/(?:dev\.azure\.com|[^/]+\.visualstudio\.com)\//.test(url)) {
    return `${url}/blob/${tag}/${target}`;
  }
  return `${url}?path=/${file}&version=GT${tag}${anchor === undefined ? '' : `&anchor=${anchor}`}`;
}

/**
 * Returns the values in the manifest about the repository: links, the place for questions, and on GitHub the badge of
 * the build.
 *
 * @returns A part of the manifest, which is empty without a repository, so that no link is broken.
 */
export function repositoryLinks(repository: Repository | undefined): object {
  if (repository === undefined) return {};
  const { url } = repository;
  const file = (target: string): object => ({ uri: fileAddress(repository, target) });
  const isGitHub = url.startsWith('https://github.com/');
  const questions = isGitHub ? `${url}/issues` : url;
  return {
    repository: { type: 'git', url },
    links: {
      getstarted: file('docs/first-steps.md'),
      learn: file('README.md#documentation'),
      license: file('LICENSE'),
      privacypolicy: file('docs/privacy.md'),
      support: { uri: questions },
      issues: { uri: questions },
    },
    CustomerQnASupport: { enablemarketplaceqna: true, url: questions },
    ...(isGitHub && { badges: [buildBadge(url)] }),
  };
}

/**
 * The badge of the workflow. GitHub itself provides one, but github.com is not among the badge services that the
 * Marketplace documents as supported, and img.shields.io is.
 * (https://learn.microsoft.com/azure/devops/extend/develop/manifest#supported-badge-services)
 */
function buildBadge(url: string): object {
  const name = url.replace('https://github.com/', '');
  return {
    href: `${url}/actions/workflows/build.yml`,
    uri: `https://img.shields.io/github/actions/workflow/status/${name}/build.yml?branch=main`,
    description: 'Build and tests',
  };
}
