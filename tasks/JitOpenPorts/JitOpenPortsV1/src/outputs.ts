import type { WaitedAccess } from '../../../shared/access/access';
import { toEndpoint } from '../../../shared/access/endpoint';
import type { Opened } from './openPorts';

/**
 * The outputs of a run by name, as text: `sourceAddresses` by comma, as granted; `expiresAtUtc` the earliest end,
 * ISO 8601; `host` and `port` of the first VM and port; `endpoints` a JSON array, one object for each port.
 */
export type Outputs = Readonly<
  Record<'sourceAddresses' | 'expiresAtUtc' | 'host' | 'port' | 'endpoints', string>
>;

/** Turns what was granted into outputs; nothing when nothing was. */
export function toOutputs({ accesses, places }: Opened): Outputs | undefined {
  const [first] = accesses;
  if (!first) return undefined;
  const endpoint = toEndpoint(first.access, places);
  return {
    sourceAddresses: [...new Set(accesses.flatMap(({ access }) => access.sources))].join(','),
    expiresAtUtc: new Date(Math.min(...accesses.map(({ access }) => access.endsAt))).toISOString(),
    host: endpoint.host,
    port: String(endpoint.port),
    endpoints: JSON.stringify(accesses.map((waited) => toEntry(waited, places))),
  };
}

function toEntry({ access, waited }: WaitedAccess, places: Opened['places']) {
  const { host, port } = toEndpoint(access, places);
  const place = places.get(access.vm.key);
  return {
    vmResourceId: access.vm.id,
    vmName: access.vm.name,
    port: access.port,
    host,
    connectPort: port,
    privateIpAddress: place?.privateIpAddress ?? '',
    publicIpAddress: place?.publicIpAddress ?? '',
    sourceAddresses: access.sources,
    expiresAtUtc: new Date(access.endsAt).toISOString(),
    status: waited.status,
  };
}
