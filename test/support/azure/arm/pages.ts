import { json, refuse, type Answer } from '../http/answers';
import type { ArmRequest } from './routes';

/** How a list is split into pages. */
export interface Paging {
  readonly pageSize: number;
  /** The name of the parameter in this service's links. Default `$skiptoken`. */
  readonly tokenName?: '$skiptoken' | '$skipToken';
}

/**
 * Reads the start of a page from the token of its link, or 0 without one.
 *
 * @throws Refusal 400 `InvalidSkipToken`
 */
export function pageStart(token: string | null | undefined): number {
  if (token === null || token === undefined) return 0;
  const start = Number(Buffer.from(token, 'base64url').toString() || NaN);
  if (Number.isInteger(start) && start >= 0) return start;
  throw refuse(400, 'InvalidSkipToken', 'The skip token is invalid.');
}

/** Returns the token of a page that begins here. It is opaque to callers. */
export const pageToken = (start: number): string => Buffer.from(String(start)).toString('base64url');

/** Returns the URL of the page that begins here: the request's own URL with all its parameters and the token. */
export function pageLink({ origin, path, query }: ArmRequest, tokenName: string, start: number): string {
  const next = new URLSearchParams(query);
  next.set(tokenName, pageToken(start));
  return `${origin}${path}?${next.toString().replaceAll('+', '%20')}`;
}

/** Returns the page of a list that the request asks for, with a link to the next one, if there is one. */
export function answerPage<T>(
  request: ArmRequest,
  items: readonly T[],
  toJson: (item: T) => object,
  { pageSize, tokenName = '$skiptoken' }: Paging,
): Answer {
  const start = pageStart(request.query.get(tokenName));
  const end = start + pageSize;
  const value = items.slice(start, end).map(toJson);
  return json(200, {
    value,
    ...(end < items.length && { nextLink: pageLink(request, tokenName, end) }),
  });
}
