import type { WaitedAccess } from './plan/access';
import { toEndpoint } from './open/endpoint';
import type { StepOutputs } from '../../../shared/core/outputs';
import type { Outcome } from './open/openPorts';
import { textsOf } from '../../../shared/core/prefixes';

/**
 * The outputs of a run, or nothing when nothing was granted: `sourceAddresses` as granted; `expiresAtUtc` the earliest
 * end, ISO 8601; `host` and `port` of the first VM and port; `endpoints` with an entry for each port.
 */
export function toOutputs({ accesses, places }: Outcome): StepOutputs | undefined {
  const [first] = accesses;
  if (!first) return undefined;
  const { host, port } = toEndpoint(first.access, places);
  const firstEnd = Math.min(...accesses.map(({ access }) => access.endsAt));
  return {
    texts: { expiresAtUtc: new Date(firstEnd).toISOString(), host, port: String(port) },
    lists: { sourceAddresses: [...new Set(accesses.flatMap(({ access }) => textsOf(access.sources)))] },
    table: { name: 'endpoints', entries: accesses.map((waited) => toEntry(waited, places)) },
  };
}

function toEntry({ access, waited }: WaitedAccess, places: Outcome['places']) {
  const { host, port } = toEndpoint(access, places);
  const place = places.get(access.vm.key);
  return {
    vmResourceId: access.vm.id,
    vmName: access.vm.name,
    port: access.port,
    host,
    connectPort: port,
    privateIpAddress: place?.privateIpAddress?.text ?? '',
    publicIpAddress: place?.publicIpAddress ?? '',
    sourceAddresses: textsOf(access.sources),
    expiresAtUtc: new Date(access.endsAt).toISOString(),
    status: waited.status,
  };
}
