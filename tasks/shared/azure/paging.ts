import { senselessAnswer } from '../messages/failures';

/** Watches the links from page to page, and throws JIT604 when one comes up twice: the list would never end. */
export function noteLinks(what: string): (response: { readonly parsedBody?: unknown }) => void {
  const seen = new Set<string>();
  return ({ parsedBody }) => {
    if (typeof parsedBody !== 'object' || parsedBody === null || !('nextLink' in parsedBody)) return;
    const { nextLink } = parsedBody;
    if (typeof nextLink !== 'string') return;
    if (seen.has(nextLink)) throw senselessAnswer(what, 'its pages lead in a circle');
    seen.add(nextLink);
  };
}
