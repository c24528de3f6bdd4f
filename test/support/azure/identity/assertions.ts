import { createHash, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { entraError, Refusal } from '../http/answers';
import { isSignedBy, parseJwt, type Jwt } from './jwt';
import type { Principal } from './principals';

/** The audience that Entra requires in tokens of other issuers. */
export const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';

/** What is required to check a client assertion. */
export interface AssertionRules {
  readonly now: () => number;
  readonly refusesUsed: () => boolean;
  /** Returns the key of a trusted issuer, or `undefined` for an issuer that Entra cannot reach. */
  readonly keyOf: (issuer: string) => KeyObject | undefined;
}

// Entra accepts a difference of five minutes between its clock and the caller's.
const TOLERANCE_MS = 5 * 60_000;

const invalid = (number: number, what: string): Refusal =>
  new Refusal(entraError(401, 'invalid_client', number, what));

/** Checks assertions, and remembers which ones were used. Every rejection is a {@link Refusal} in Entra's wording. */
export function createAssertions(rules: AssertionRules) {
  const used = new Set<string>();

  function checkTime({ claims }: Jwt): void {
    const expires = Number(claims['exp']) * 1000;
    const begins = Number(claims['nbf'] ?? claims['iat']) * 1000;
    const late = !(rules.now() < expires + TOLERANCE_MS);
    if (late || !(begins - TOLERANCE_MS <= rules.now())) {
      throw invalid(700024, 'Client assertion is not within its valid time range.');
    }
  }

  function useOnce(id: string): void {
    if (used.has(id) && rules.refusesUsed()) throw invalid(700027, 'Client assertion was used before.');
    used.add(id);
  }

  function checkCertificate(jwt: Jwt, principal: Principal, audiences: readonly string[]): void {
    const { claims, header } = jwt;
    const { certificatePem, clientId } = principal;
    if (!certificatePem || !bearsThumbprint(header, certificatePem)) {
      throw invalid(700027, 'The certificate with this identifier is not registered on the application.');
    }
    if (!isSignedBy(jwt, createPublicKey(certificatePem))) {
      throw invalid(700027, 'Client assertion contains an invalid signature.');
    }
    if (claims['iss'] !== clientId || claims['sub'] !== clientId) {
      throw invalid(700021, 'Client assertion application identifier does not match client_id.');
    }
    if (!audiences.includes(String(claims['aud']))) {
      throw invalid(700023, 'Client assertion audience claim does not match the realm issuer.');
    }
    if (typeof claims['jti'] !== 'string') throw invalid(700027, 'Client assertion has no identifier.');
  }

  function checkFederation(jwt: Jwt, federated: Principal['federated']): void {
    const { iss, sub, aud } = jwt.claims;
    const none = 'No matching federated identity record found for presented assertion';
    if (!federated) throw invalid(70025, 'The client has no configured federated identity credentials.');
    if (federated.issuer !== iss) throw invalid(700211, `${none} issuer '${String(iss)}'.`);
    if (federated.subject !== sub) {
      const isCase = federated.subject.toLowerCase() === String(sub).toLowerCase();
      const number = isCase ? 7_002_138 : 700_213;
      const how = isCase ? ' The subject matches with case-insensitive comparison only.' : '';
      throw invalid(number, `${none} subject '${String(sub)}'.${how}`);
    }
    if (aud !== EXCHANGE_AUDIENCE) throw invalid(700212, `${none} audience '${String(aud)}'.`);
    const key = rules.keyOf(iss);
    if (!key || !isSignedBy(jwt, key)) throw invalid(50013, 'Assertion failed signature validation.');
  }

  return {
    /** Accepts the assertion of this principal for one of these audiences, or throws a {@link Refusal}. */
    accept(assertion: string, principal: Principal, audiences: readonly string[]): void {
      const jwt = parseJwt(assertion);
      if (!jwt) throw invalid(50027, 'JWT token is invalid or malformed.');
      const byCertificate = 'x5t' in jwt.header || 'x5t#S256' in jwt.header;
      if (byCertificate) checkCertificate(jwt, principal, audiences);
      else checkFederation(jwt, principal.federated);
      checkTime(jwt);
      useOnce(byCertificate ? String(jwt.claims['jti']) : assertion);
    },
  };
}

function bearsThumbprint(header: Jwt['header'], certificatePem: string): boolean {
  const { raw } = new X509Certificate(certificatePem);
  const thumbprint = (algorithm: string): string => createHash(algorithm).update(raw).digest('base64url');
  if ('x5t#S256' in header) return header['x5t#S256'] === thumbprint('sha256');
  return header['x5t'] === thumbprint('sha1');
}

export type Assertions = ReturnType<typeof createAssertions>;
