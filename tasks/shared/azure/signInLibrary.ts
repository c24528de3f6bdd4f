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
 * Creates the credential of a connection. This module is imported at sign-in, together with the library: both are in a
 * separate file of the package, almost half of the program.
 *
 * @param assertion gets an OIDC token from Azure DevOps, at each sign-in with workload identity federation
 */
export function createCredential(
  { identity, authorityUrl }: Connection,
  httpClient: HttpClient,
  assertion: () => Promise<string>,
): TokenCredential {
  const options = { httpClient, retryOptions: { maxRetries: 0 } };
  // Instance discovery knows only the public cloud, and calls a host that a closed network might not reach.
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
