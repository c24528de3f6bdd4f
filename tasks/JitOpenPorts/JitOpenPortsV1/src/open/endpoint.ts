import type { Access } from '../plan/access';
import type { VmPlace } from '../plan/place';

/**
 * Returns where to connect: the firewall in front of the VM, its public address, or its private address. `host` is
 * empty if no address is known.
 */
export function toEndpoint(
  access: Access,
  places: ReadonlyMap<string, VmPlace>,
): { readonly host: string; readonly port: number } {
  const place = places.get(access.vm.key);
  return (
    access.firewall ?? {
      host: place?.publicIpAddress ?? place?.privateIpAddress?.text ?? '',
      port: access.port,
    }
  );
}
