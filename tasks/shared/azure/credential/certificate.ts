import { ClientCertificateCredential, type TokenCredential } from '@azure/identity';
import type { EntraOptions } from './options';

/** Signs in with the certificate of a service principal, in PEM with its private key. */
export const createCredential = (
  { tenantId, clientId, certificate }: { tenantId: string; clientId: string; certificate: string },
  options: EntraOptions,
): TokenCredential => new ClientCertificateCredential(tenantId, clientId, { certificate }, options);
