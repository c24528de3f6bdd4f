import { json, refuse, type Answer } from '../http/answers';
import type { ArmRequest } from './routes';

/** How a list is cut into pages. */
export interface Paging {
  readonly pageSize: number;
  /** How this service spells the parameter of its links. Default `$skiptoken`. */
  readonly tokenName?: '$skiptoken' | '$skipToken';
}

/**
 * Reads where a page begins from the link that led to it; 0 without one.
 *
 * @throws Refusal 400 `InvalidSkipToken`
 */
export function pageStart(token: string | null | undefined): number {
  if (token === null || token === undefined) return 0;
  const start = Number(Buffer.from(token, 'base64url').toString() || NaN);
  if (Number.isInteger(start) && start >= 0) return start;
  throw refuse(400, 'InvalidSkipToken', 'The skip token is invalid.');
}

/** The token of a page that begins here. It says nothing to a caller. */
export const pageToken = (start: number): string => Buffer.from(String(start)).toString('base64url');

/** The address of the page that begins here: the request's own, all its parameters included, with the token. */
export function pageLink({ origin, path, query }: ArmRequest, tokenName: string, start: number): string {
  const next = new URLSearchParams(query);
  next.set(tokenName, pageToken(start));
  return `${origin}${path}?${next.toString().replaceAll('+', '%20')}`;
}

/** Answers the page of a list that the request asks for, with a link to the next one when there is one. */
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
