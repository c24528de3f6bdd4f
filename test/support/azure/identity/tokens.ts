import { randomBytes } from 'node:crypto';
import type { Principal } from './principals';

/** An access token from ARM's perspective. */
export interface Token {
  readonly principal: Principal;
  readonly expiresAt: number;
  readonly revoked: boolean;
}

/** The access tokens that were issued. They are opaque: nothing can be read from them. */
export interface Tokens {
  /** Issues a token that is valid for this many seconds. */
  issue(principal: Principal, lifeSeconds: number): string;
  find(token: string): Token | undefined;
  /** Invalidates every token that was issued so far, as a policy change in Entra does. */
  revokeAll(): void;
  /** Returns a stable name for an Authorization header, for use in records: `Bearer <token 1 of deployer>`. */
  nameOf(authorization: string): string;
  /** Returns every secret text that was issued, for tests that search logs for them. */
  texts(): readonly string[];
  /** Registers the name of another secret for records, such as the job's own access token. */
  register(token: string, name: string): void;
}

export function createTokens(now: () => number): Tokens {
  const issued = new Map<string, Token>();
  const titles = new Map<string, string>();
  return {
    issue(principal, lifeSeconds) {
      const token = `eyJ0eXAiOiJKV1QifQ.${randomBytes(48).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
      issued.set(token, { principal, expiresAt: now() + lifeSeconds * 1000, revoked: false });
      titles.set(token, `token ${issued.size} of ${principal.name}`);
      return token;
    },
    find: (token) => issued.get(token),
    revokeAll() {
      for (const [text, token] of issued) issued.set(text, { ...token, revoked: true });
    },
    nameOf(authorization) {
      const [scheme = '', token = ''] = authorization.split(' ');
      return `${scheme} <${titles.get(token) ?? 'unknown token'}>`;
    },
    texts: () => [...titles.keys()],
    register: (token, name) => void titles.set(token, name),
  };
}
