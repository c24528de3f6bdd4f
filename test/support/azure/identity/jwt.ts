import { constants, sign, verify, type KeyObject } from 'node:crypto';

/** The parts of a JSON Web Token. Nothing in it has been checked yet. */
export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new SyntaxError('Not a JSON object.');
  return { ...value };
}

/** Parses the compact form, or returns `undefined` if it is invalid. */
export function parseJwt(token: string): Jwt | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (!header || !claims || !signature || rest.length > 0) return undefined;
  try {
    return {
      header: decode(header),
      claims: decode(claims),
      signed: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    return undefined;
  }
}

/** Signs claims with RS256 (RFC 7518, section 3.3). */
export function signJwt(claims: object, key: KeyObject, keyId: string): string {
  const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: keyId })}.${encode(claims)}`;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** Whether the signature was made with this key. Entra accepts the algorithms RS256 and PS256. */
export function isSignedBy(jwt: Jwt, key: KeyObject): boolean {
  const content = Buffer.from(jwt.signed);
  if (jwt.header['alg'] === 'RS256') return verify('sha256', content, key, jwt.signature);
  if (jwt.header['alg'] !== 'PS256') return false;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify('sha256', content, { key, padding, saltLength: 32 }, jwt.signature);
}
