import { ClientAssertionCredential, type TokenCredential } from '@azure/identity';
import type { EntraOptions } from './options';

/** Signs in with an assertion of another service, asked for at each sign-in. */
export const createCredential = (
  { tenantId, clientId }: { tenantId: string; clientId: string },
  assertion: () => Promise<string>,
  options: EntraOptions,
): TokenCredential => new ClientAssertionCredential(tenantId, clientId, assertion, options);
