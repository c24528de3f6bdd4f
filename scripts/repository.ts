/**
 * What the listing says of the repository: links, the place for questions, and on GitHub the badge of the build.
 *
 * @param packageJson - Names it in the field `repository`, as npm wants it:
 *   `{"type": "git", "url": "git+https://github.com/owner/name.git"}`.
 * @returns A part of the manifest; empty when no repository is named, so that no link leads nowhere.
 * @throws Error for an address that is not https.
 */
export function repositoryLinks(packageJson: Readonly<Record<string, unknown>>): object {
  const url = repositoryUrl(packageJson);
  if (url === undefined) return {};
  const isGitHub = url.startsWith('https://github.com/');
  const questions = isGitHub ? `${url}/issues` : url;
  const build = `${url}/actions/workflows/build.yml`;
  return {
    repository: { type: 'git', url },
    links: { getstarted: { uri: url }, support: { uri: questions } },
    CustomerQnASupport: { enablemarketplaceqna: true, url: questions },
    ...(isGitHub && {
      badges: [{ href: build, uri: `${build}/badge.svg`, description: 'Build and tests' }],
    }),
  };
}

/**
 * The address at which people read a file of the repository.
 *
 * @param repository - As `repositoryUrl` gives it.
 * @param target - The file, relative to the root, with the anchor of a heading if there is one.
 */
export function fileAddress(repository: string, target: string): string {
  const [file = '', anchor] = target.split('#');
  if (!/^https:\/\/(?:dev\.azure\.com|[^/]+\.visualstudio\.com)\//.test(repository)) {
    return `${repository}/blob/HEAD/${target}`;
  }
  return `${repository}?path=/${file}${anchor === undefined ? '' : `&anchor=${anchor}`}`;
}

/** The address of the repository as people open it; undefined when package.json names none. */
export function repositoryUrl(packageJson: Readonly<Record<string, unknown>>): string | undefined {
  const field = packageJson['repository'] as { readonly url?: string } | undefined;
  if (field?.url === undefined) return undefined;
  const url = field.url.replace(/^git\+/, '').replace(/\.git$/, '');
  if (!/^https:\/\/[^/@]+\/./.test(url)) {
    throw new Error(
      `The repository in package.json must be an https address without a user, not "${field.url}".`,
    );
  }
  return url;
}
