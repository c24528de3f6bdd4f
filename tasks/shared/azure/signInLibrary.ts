import type { HttpClient } from '@azure/core-rest-pipeline';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from '@azure/identity';
import type { Connection } from './connection';

/**
 * Makes what signs in for a connection. This module is imported at the sign-in, and so is the library with it: both are
 * a file of their own in the package, almost half of the program.
 *
 * @param assertion asks Azure DevOps for an OIDC token, at each sign-in with workload identity federation
 */
export function createCredential(
  { identity, authorityUrl }: Connection,
  httpClient: HttpClient,
  assertion: () => Promise<string>,
): TokenCredential {
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  // Instance discovery knows the public cloud only, and asks a host that a closed network may not reach.
  const entra = { ...options, authorityHost: authorityUrl, disableInstanceDiscovery: true };
  switch (identity.kind) {
    case 'managed': {
      const { clientId } = identity;
      return new ManagedIdentityCredential({ ...options, ...(clientId !== undefined && { clientId }) });
    }
    case 'secret':
      return new ClientSecretCredential(identity.tenantId, identity.clientId, identity.secret, entra);
    case 'certificate': {
      // In PEM, with its private key.
      const { tenantId, clientId, certificate } = identity;
      return new ClientCertificateCredential(tenantId, clientId, { certificate }, entra);
    }
    case 'federated':
      return new ClientAssertionCredential(identity.tenantId, identity.clientId, assertion, entra);
  }
}
