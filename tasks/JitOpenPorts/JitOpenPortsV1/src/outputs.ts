import type { WaitedAccess } from './plan/access';
import { toEndpoint } from './open/endpoint';
import type { StepOutputs } from '../../../shared/core/outputs';
import type { Outcome } from './open/openPorts';
import { toInventory } from './inventory';
import { textsOf } from '../../../shared/core/prefixes';

/**
 * Returns the outputs of a run, or `undefined` if something was wanted and nothing was granted. `sourceAddresses` are
 * as granted, `expiresAtUtc` is the earliest end in ISO 8601, `host` and `port` are those of the first VM and port,
 * `endpoints` has an entry for each port, and `inventoryPath` is a file for Ansible. If nothing was wanted, they are
 * empty.
 */
export function toOutputs(outcome: Outcome): StepOutputs | undefined {
  const { accesses, places, notOpened } = outcome;
  const [first] = accesses;
  if (!first && notOpened.length > 0) return undefined;
  const { host, port } = first ? toEndpoint(first.access, places) : { host: '', port: '' };
  const firstEnd = accesses.reduce((end, { access }) => Math.min(end, access.endsAt), Infinity);
  return {
    texts: { expiresAtUtc: first ? new Date(firstEnd).toISOString() : '', host, port: String(port) },
    files: { inventoryPath: { name: 'inventory.yml', text: toInventory(outcome) } },
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
