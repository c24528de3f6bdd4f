import { ClientSecretCredential, type TokenCredential } from '@azure/identity';
import type { EntraOptions } from './options';

/** Signs in with the secret of a service principal. */
export const createCredential = (
  { tenantId, clientId, secret }: { tenantId: string; clientId: string; secret: string },
  options: EntraOptions,
): TokenCredential => new ClientSecretCredential(tenantId, clientId, secret, options);
