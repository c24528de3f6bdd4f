import type { Access } from '../plan/access';
import type { Endpoint, VmPlace } from '../plan/place';

/** Returns the firewall in front of the VM and its port, or `undefined` if there is none, or its port is unknown. */
export const firewallOf = (
  { firewall, vm, port }: Access,
  places: ReadonlyMap<string, VmPlace>,
): Endpoint | undefined => firewall ?? places.get(vm.key)?.firewalls?.get(port);

/**
 * Returns where to connect: the firewall in front of the VM, its public address, or its private address. `host` is
 * empty if no address is known.
 */
export function toEndpoint(access: Access, places: ReadonlyMap<string, VmPlace>): Endpoint {
  const place = places.get(access.vm.key);
  return (
    firewallOf(access, places) ?? {
      host: place?.publicIpAddress ?? place?.privateIpAddress?.text ?? '',
      port: access.port,
    }
  );
}
