import type { HttpClient } from '@azure/core-rest-pipeline';

/** What every credential is made with. */
export interface CredentialOptions {
  readonly httpClient: HttpClient;
  readonly retryOptions: { readonly maxRetries: number };
}

/** What those of Microsoft Entra ID are made with. */
export interface EntraOptions extends CredentialOptions {
  readonly authorityHost: string;
  readonly disableInstanceDiscovery: boolean;
}
