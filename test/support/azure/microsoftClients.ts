import { NetworkManagementClient } from '@azure/arm-network';
import { SecurityCenter } from '@azure/arm-security';
import { API_VERSIONS } from './arm/routes';
import type { SimulatedAzure } from './simulatedAzure';

/** Microsoft's own clients of the services, which read Azure's answers in their own way. */
export interface MicrosoftClients {
  readonly network: NetworkManagementClient;
  readonly security: SecurityCenter;
}

/**
 * Makes them for a simulated Azure. The network client sends a version that the simulation does not have, whatever it is
 * told, so that it is replaced on the way.
 */
export function createMicrosoftClients(
  azure: SimulatedAzure,
  token: string,
  subscriptionId: string,
): MicrosoftClients {
  const credential = { getToken: () => Promise.resolve({ token, expiresOnTimestamp: Infinity }) };
  const options = { endpoint: azure.url, tlsOptions: { ca: azure.caPem } };
  const network = new NetworkManagementClient(credential, subscriptionId, options);
  network.pipeline.addPolicy({
    name: 'olderVersion',
    sendRequest(request, next) {
      request.url = request.url.replace(/(?<=[?&]api-version=)[\d-]+/, API_VERSIONS.network);
      return next(request);
    },
  });
  return { network, security: new SecurityCenter(credential, subscriptionId, options) };
}
