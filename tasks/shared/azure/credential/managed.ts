import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import type { CredentialOptions } from './options';

/** Signs in as the machine; with a client, as one of the identities that it has. */
export const createCredential = (
  { clientId }: { clientId: string | undefined },
  options: CredentialOptions,
): TokenCredential =>
  new ManagedIdentityCredential({ ...options, ...(clientId !== undefined && { clientId }) });
