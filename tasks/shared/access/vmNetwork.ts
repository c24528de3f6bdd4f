import { needsVnet } from '../domain/nsg/rules';
import type { AttachedGroup, SecurityGroup, VmNetwork } from '../domain/network';
import type { VmId } from '../domain/resourceIds';
import { notFound } from '../messages/failures';
import { RefusedError } from '../messages/refusals';
import type { Limit, NetworkGateway, NicResource } from '../world';

/** Where a VM sits in its network, as far as Azure lets it be read. */
export interface Place {
  readonly vm: VmId;
  /** Absent when the VM or its NIC may not be read. */
  readonly privateIpAddress: string | undefined;
  readonly publicIpAddress: string | undefined;
  /** The ARM ids on the way, as far as they are known. */
  readonly nicId: string | undefined;
  readonly publicIpId: string | undefined;
  readonly subnetId: string | undefined;
  /** What the rules filter by; absent when Azure refuses a look-up on the way to them. */
  readonly filter: Filter | undefined;
  readonly missing: readonly RefusedError[];
}

interface Filter {
  readonly privateIpAddress: string;
  readonly applicationGroupIds: readonly string[];
  readonly subnetId: string;
  readonly groups: readonly { readonly id: string; readonly attachedTo: 'nic' | 'subnet' }[];
}

/**
 * Reads where a VM sits: VM, then its primary NIC, then subnet and public address at once. A refusal is
 * kept, not thrown, because the request can be made without; a VM that does not exist is JIT406.
 *
 * @param needsRules whether the way to the security groups is read as well
 */
export async function readPlace(
  network: NetworkGateway,
  vm: VmId,
  needsRules: boolean,
  limit: Limit,
): Promise<Place> {
  const missing: RefusedError[] = [];
  const allowed = async <T>(read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      missing.push(error);
      return undefined;
    }
  };
  const resource = await allowed(network.getVm(vm, limit));
  const nicId = resource?.primaryNicId;
  if (resource && nicId === undefined) throw notFound('network interface of the VM', vm.id);
  const nic = nicId === undefined ? undefined : await allowed(network.getNic(nicId, limit));
  const { publicIpId, subnetId } = nic ?? {};
  const [publicIpAddress, subnet] = await Promise.all([
    publicIpId === undefined ? undefined : allowed(network.getPublicAddress(publicIpId, limit)),
    subnetId === undefined || !needsRules ? undefined : allowed(network.getSubnet(subnetId, limit)),
  ]);
  return {
    vm,
    privateIpAddress: nic?.privateIpAddress,
    publicIpAddress,
    ...{ nicId, publicIpId, subnetId },
    filter: nic && subnet && toFilter(nic, subnet.securityGroupId),
    missing,
  };
}

function toFilter(nic: NicResource, subnetGroupId: string | undefined): Filter | undefined {
  const { privateIpAddress, subnetId, applicationGroupIds, securityGroupId } = nic;
  if (privateIpAddress === undefined || subnetId === undefined) return undefined;
  const groups: Filter['groups'][number][] = [];
  if (subnetGroupId !== undefined) groups.push({ id: subnetGroupId, attachedTo: 'subnet' });
  if (securityGroupId !== undefined) groups.push({ id: securityGroupId, attachedTo: 'nic' });
  return { privateIpAddress, applicationGroupIds, subnetId, groups };
}

/** Reads rules for one round of a wait: what several VMs share is read once. */
export interface RuleReader {
  /** The network around a place, with the rules as they are now. Throws a `CodedError`. */
  read(place: Place, filter: Filter, sources: readonly string[], limit: Limit): Promise<VmNetwork>;
}

/** What outlives a round: the VNets' prefixes. A refusal to let them be read leaves them unknown. */
export interface VnetMemory {
  prefixes(subnetId: string, limit: Limit): Promise<readonly string[] | undefined>;
}

export function rememberVnets(network: NetworkGateway, onMissing: (error: RefusedError) => void): VnetMemory {
  const known = new Map<string, readonly string[] | undefined>();
  return {
    async prefixes(subnetId, limit) {
      const key = subnetId.toLowerCase();
      if (!known.has(key)) {
        try {
          known.set(key, await network.getVnetPrefixes(subnetId, limit));
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          onMissing(error);
          known.set(key, undefined);
        }
      }
      return known.get(key);
    },
  };
}

export function createRuleReader(network: NetworkGateway, vnets: VnetMemory): RuleReader {
  const groups = new Map<string, Promise<SecurityGroup>>();
  const readGroup = (id: string, limit: Limit): Promise<SecurityGroup> => {
    const key = id.toLowerCase();
    const reading = groups.get(key) ?? network.getSecurityGroup(id, limit);
    groups.set(key, reading);
    return reading;
  };
  return {
    async read(place, filter, sources, limit) {
      const attached: readonly AttachedGroup[] = await Promise.all(
        filter.groups.map(async ({ id, attachedTo }) => ({ attachedTo, group: await readGroup(id, limit) })),
      );
      const vnetPrefixes = needsVnet(attached, sources)
        ? await vnets.prefixes(filter.subnetId, limit)
        : undefined;
      return {
        privateIpAddress: filter.privateIpAddress,
        applicationGroupIds: filter.applicationGroupIds,
        groups: attached,
        ...(place.publicIpAddress !== undefined && { publicIpAddress: place.publicIpAddress }),
        ...(vnetPrefixes && { vnetPrefixes }),
      };
    },
  };
}
