import type { Assumption } from './assumption';
import { NETWORK } from './assumptions/network';
import { POLICIES } from './assumptions/policies';
import { REQUESTS } from './assumptions/requests';

/** All assumptions of the code about Azure, under the headings of docs/fidelity.md. */
export const ASSUMPTIONS: Readonly<Record<string, readonly Assumption[]>> = {
  Requests: REQUESTS,
  'Rules and the network': NETWORK,
  'Policies, logs and Azure itself': POLICIES,
};

export const ALL_ASSUMPTIONS: readonly Assumption[] = Object.values(ASSUMPTIONS).flat();

/** Files in folders named `azure` that only pass on what other files know about Azure. */
export const CARRIERS: readonly string[] = [
  'shared/azure/azure.ts',
  'shared/azure/credentials.ts',
  'shared/azure/read/json.ts',
  'shared/azure/request.ts',
  'shared/azure/signInLibrary.ts',
  'shared/azure/transport.ts',
  'JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway.ts',
  'JitOpenPorts/JitOpenPortsV1/src/azure/requestError.ts',
  'JitOpenPorts/JitOpenPortsV1/src/azure/untilClosing.ts',
  'JitConfigurePolicy/JitConfigurePolicyV1/src/azure/surroundings.ts',
];
