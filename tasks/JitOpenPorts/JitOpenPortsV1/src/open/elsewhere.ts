import { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import type { NicResource } from '../../../../shared/core/resources';
import type { NetworkGateway } from '../azure/networkGateway';
import type { VmPlace } from '../plan/place';
import type { Elsewhere, PublicElsewhere } from '../plan/privateHost';

/**
 * Returns the public addresses of a VM other than that of its primary IP configuration, those on the primary NIC first.
 * Also returns why some could not be read.
 */
export async function readElsewhere(
  network: NetworkGateway,
  { nicId = '', otherPublicIps = [], otherNicIds = [] }: VmPlace,
  limit: Limit,
): Promise<Elsewhere> {
  const unread: string[] = [];
  const tolerant = async <T>(reading: Promise<T>): Promise<T | undefined> => {
    try {
      return await reading;
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      unread.push(error instanceof RefusedError ? error.why : error.seen.replace(/\.$/, ''));
      return undefined;
    }
  };
  const others = await Promise.all(
    otherNicIds.map(async (id) => placesOn(id, await tolerant(network.getNic(id, limit)))),
  );
  const own = otherPublicIps.map((one) => ({ ...one, nicId, onPrimaryNic: true }));
  const places = [...own, ...others.flat()];
  const addresses = await Promise.all(
    places.map(async ({ publicIpId, ...place }): Promise<PublicElsewhere> => {
      const read = await tolerant(network.getPublicAddress(publicIpId, limit));
      return { ...place, address: read?.ipAddress };
    }),
  );
  return { found: addresses, unread: [...new Set(unread)] };
}

function placesOn(nicId: string, nic: NicResource | undefined) {
  const { publicIpId, otherPublicIps = [] } = nic ?? {};
  const primary = publicIpId === undefined ? [] : [{ configuration: undefined, publicIpId }];
  return [...primary, ...otherPublicIps].map((one) => ({ ...one, nicId, onPrimaryNic: false }));
}
