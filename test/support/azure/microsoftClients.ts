import { NetworkManagementClient } from '@azure/arm-network';
import { SecurityCenter } from '@azure/arm-security';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { API_VERSIONS } from './arm/routes';
import type { SimulatedAzure } from './simulatedAzure';

/** Microsoft's own clients of the services, which read Azure's answers in their own way. */
export interface MicrosoftClients {
  readonly network: NetworkManagementClient;
  readonly security: SecurityCenter;
}

/** What a client is made with to reach a simulated Azure. */
export const optionsOf = (azure: SimulatedAzure, token: string) => ({
  credential: { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Infinity }) },
  options: { endpoint: azure.url, tlsOptions: { ca: azure.caPem } },
});

/** Lets a client send another version than its own, which the simulation does not have, whatever the client is told. */
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

/** Makes those of the network and of Defender. */
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
