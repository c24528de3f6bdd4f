import { NetworkManagementClient } from '@azure/arm-network';
import { SecurityCenter } from '@azure/arm-security';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { API_VERSIONS } from './arm/routes';
import type { SimulatedAzure } from './simulatedAzure';

/** Microsoft's own clients of the services, which parse Azure's responses in their own way. */
export interface MicrosoftClients {
  readonly network: NetworkManagementClient;
  readonly security: SecurityCenter;
}

/** Returns the options of a client for a simulated Azure. */
export const optionsOf = (azure: SimulatedAzure, token: string) => ({
  credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Infinity }) },
  options: { endpoint: azure.url, tlsOptions: { ca: azure.caPem } },
});

/**
 * Makes a client send another version than its own, which the simulation does not support, regardless of the client's
 * options.
 */
export function withVersion<Client extends { pipeline: { addPolicy(policy: PipelinePolicy): void } }>(
  client: Client,
  version: string,
): Client {
  client.pipeline.addPolicy({
    name: 'olderVersion',
    sendRequest(request, next) {
      request.url = request.url.replace(/(?<=[?&]api-version=)[^&]+/, version);
      return next(request);
    },
  });
  return client;
}

/** Creates the clients of the network and of Defender. */
export function createMicrosoftClients(
  azure: SimulatedAzure,
  token: string,
  subscriptionId: string,
): MicrosoftClients {
  const { credential, options } = optionsOf(azure, token);
  const network = new NetworkManagementClient(credential, subscriptionId, options);
  return {
    network: withVersion(network, API_VERSIONS.network),
    security: new SecurityCenter(credential, subscriptionId, options),
  };
}
