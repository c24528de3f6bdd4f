import { maskCredentials } from '../../../shared/domain/text';

/** Tried where such a run begins only: else a long one takes time that grows with the square of its length. */
const SENTENCE_END = /(?<![.,;)\]])[.,;)\]]+$/;

/**
 * The pipeline run that a justification names: an https address of this organisation, to a build or a release. Anybody
 * who may ask for access writes the justification, so that no other address becomes a link.
 *
 * @param collectionUrl the organisation's, as `System.CollectionUri` has it
 */
export function findRunUrl(justification: string, collectionUrl: string): string | null {
  const home = parseHttps(collectionUrl);
  const folder = home?.pathname.replace(/\/*$/, '/').toLowerCase() ?? '';
  for (const [text] of justification.matchAll(/https:\/\/[^\s"'<>]+/gi)) {
    const url = parseHttps(text.replace(SENTENCE_END, ''));
    if (!url || url.origin !== home?.origin || url.username !== '' || url.password !== '') continue;
    const isRun = /\/(?:_build\/results|_release|_releaseProgress)$/i.test(url.pathname);
    const isPlain = maskCredentials(url.href) === url.href;
    if (isRun && isPlain && url.pathname.toLowerCase().startsWith(folder)) return url.href;
  }
  return null;
}

function parseHttps(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' ? url : undefined;
}
