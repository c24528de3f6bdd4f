import { liesIn, parseOrganization } from '../../../../shared/core/organization';
import { maskCredentials } from '../../../../shared/core/mask';

/**
 * Matches only from the beginning of such a run. Otherwise, the time for a long run grows with the square of its
 * length.
 */
const SENTENCE_END = /(?<![.,;)\]])[.,;)\]]+$/;

/**
 * Returns the pipeline run that a justification names: an HTTPS address of this organization that leads to a build or a
 * release. Returns null if there is none. Anyone who is allowed to request access writes the justification, so no other
 * address becomes a link.
 *
 * @param home the URL of the agent's own connection to Azure DevOps; each address of its organization counts
 */
export function findRunUrl(justification: string, home: string): string | null {
  const organization = parseOrganization(home);
  if (!organization) return null;
  for (const [text] of justification.matchAll(/https:\/\/[^\s"'<>]+/gi)) {
    const url = parseHttps(text.replace(SENTENCE_END, ''));
    if (url?.username !== '' || url.password !== '' || !liesIn(organization, url)) continue;
    const isRun = /\/(?:_build\/results|_release|_releaseProgress)$/i.test(url.pathname);
    const isPlain = maskCredentials(url.href) === url.href;
    if (isRun && isPlain) return url.href;
  }
  return null;
}

function parseHttps(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' ? url : undefined;
}
