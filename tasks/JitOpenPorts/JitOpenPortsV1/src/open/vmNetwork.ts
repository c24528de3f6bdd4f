import { vnetIdOf, sameId, type VmId } from '../../../../shared/core/resourceIds';
import { needsVnet } from '../plan/needsVnet';
import { withoutRulesForOthers } from '../../../../shared/core/nsg/rules';
import { withRouteTable } from '../../../../shared/core/nsg/tags';
import type { Flow } from '../../../../shared/core/nsg/verdict';
import type {
  AdminRule,
  AttachedGroup,
  PublicSku,
  SecurityGroup,
  VmNetwork,
  VnetSpace,
} from '../../../../shared/core/network';
import { notFound } from '../../../../shared/messages/failures';
import { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { NetworkGateway } from '../azure/networkGateway';
import type {
  PublicAddressResource,
  SubnetResource,
  NicResource,
  VmResource,
} from '../../../../shared/core/resources';
import { withLimit, type Clock, type Limit } from '../../../../shared/core/limits';
import type { Filter, VmPlace } from '../plan/place';
import { isRefusal, readOften } from './readOften';

/**
 * Reads the place of a VM in its network: the VM, then its primary NIC, then subnet and public address at the same
 * time. A refusal is returned in `missing`, not thrown, because a request can be made without the data. Throws JIT406
 * if the VM does not exist or has no NIC.
 *
 * @param needsRules whether the subnet, which leads to the NSGs, is also read
 */
export async function readPlace(
  network: NetworkGateway,
  vm: VmId,
  needsRules: boolean,
  limit: Limit,
): Promise<VmPlace> {
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
  if (resource?.nicIds.length === 0) throw notFound('network interface of the VM', vm.id);
  const primary = resource && (await findPrimaryNic(resource, (id) => allowed(network.getNic(id, limit))));
  const { nicId, nic } = primary ?? {};
  const { publicIpId, subnetId } = nic ?? {};
  const [publicAddress, subnet] = await Promise.all([
    publicIpId === undefined ? undefined : allowed(network.getPublicAddress(publicIpId, limit)),
    subnetId === undefined || !needsRules ? undefined : allowed(network.getSubnet(subnetId, limit)),
  ]);
  return {
    vm,
    privateIpAddress: nic?.privateIpAddress,
    publicIpAddress: publicAddress?.ipAddress,
    ...{ nicId, publicIpId, subnetId },
    isPublicIpRead: publicAddress !== undefined,
    powerState: resource?.powerState,
    otherPublicIps: nic?.otherPublicIps,
    otherNicIds: nicId === undefined ? undefined : resource?.nicIds.filter((id) => !sameId(id, nicId)),
    filter: nic && subnet && toFilter(nic, subnet, skuOf(publicIpId, publicAddress)),
    missing,
  };
}

/** Returns the SKU of a public address, or `unknown` if it cannot be read. */
const skuOf = (id: string | undefined, found: PublicAddressResource | undefined): PublicSku | undefined =>
  id === undefined ? undefined : (found?.sku ?? 'unknown');

function toFilter(
  nic: NicResource,
  subnet: SubnetResource,
  publicSku: PublicSku | undefined,
): Filter | undefined {
  const { privateIpAddress, subnetId, applicationGroupIds, securityGroupId, ipv6 } = nic;
  const { hasRouteTable } = subnet;
  if (privateIpAddress === undefined || subnetId === undefined) return undefined;
  const groups: Filter['groups'][number][] = [];
  if (subnet.securityGroupId !== undefined) groups.push({ id: subnet.securityGroupId, attachedTo: 'subnet' });
  if (securityGroupId !== undefined) groups.push({ id: securityGroupId, attachedTo: 'nic' });
  const address = { privateIpAddress, publicSku, applicationGroupIds, ...(ipv6 && { ipv6 }) };
  return { ...address, subnetId, hasRouteTable, groups };
}

/**
 * Finds the primary NIC of a VM. If the VM marks none of several NICs, each NIC says whether it is the primary one. If
 * none does, the first one counts.
 */
async function findPrimaryNic(
  { primaryNicId, nicIds }: VmResource,
  read: (id: string) => Promise<NicResource | undefined>,
): Promise<{ readonly nicId: string; readonly nic: NicResource | undefined } | undefined> {
  const ids = primaryNicId === undefined ? nicIds : [primaryNicId];
  const nics = await Promise.all(ids.map(async (nicId) => ({ nicId, nic: await read(nicId) })));
  return nics.find(({ nic }) => nic?.isPrimary) ?? nics[0];
}

/** Reads rules for one round of a wait. What several VMs share is read once. */
export interface RuleReader {
  /** Reads the network around a place with the current rules, for evaluating this flow. Throws a `CodedError`. */
  read(filter: Filter, flow: Flow, limit: Limit): Promise<VmNetwork>;
}

/** Keeps VNets between rounds. A VNet that Azure refuses to return stays unknown. */
export interface VnetMemory {
  space(subnetId: string, limit: Limit): Promise<VnetSpace | undefined>;
}

/** Also keeps data between rounds: the security admin rules of VNets. */
export interface AdminRuleMemory {
  /**
   * Returns `undefined` if they cannot be read: then only the NSGs count. Throws a `CodedError` if that is not enough.
   */
  of(subnetId: string, limit: Limit): Promise<readonly AdminRule[] | undefined>;
}

/**
 * The number of temporary errors after which the rules stay unread: a service that is not required must not fail a run.
 */
const MOST_FAILURES = 3;

/**
 * How long reading the security admin rules of a VNet can delay a wait, with all pages and attempts: eight seconds, and
 * at most half of the remaining time. After that, they stay unread.
 */
const ADMIN_RULES_MS = 8000;

/** Where security admin rules are read, and the clock that limits the read. */
interface AdminRuleSource {
  readonly network: Pick<NetworkGateway, 'listAdminRules'>;
  readonly clock: Clock;
}

/**
 * Reads the security admin rules of each VNet once.
 *
 * @param onUnread called once for each VNet whose rules cannot be read
 * @param isStrict whether only a refusal leaves them unread, as required before reporting a port as closed
 */
export function rememberAdminRules(
  { network, clock }: AdminRuleSource,
  onUnread: (error: CodedError) => void,
  isStrict = false,
): AdminRuleMemory {
  const known = new Map<string, Promise<readonly AdminRule[] | undefined>>();
  const read = async (id: string, limit: Limit): Promise<readonly AdminRule[] | undefined> => {
    const remainingMs = limit.remainingMs();
    const withinMs = isStrict ? remainingMs : Math.min(ADMIN_RULES_MS, remainingMs / 2);
    try {
      return await withLimit(clock, limit.signal, withinMs, (short) =>
        readOften(() => network.listAdminRules(id, short), isStrict ? 1 : MOST_FAILURES, clock, short),
      );
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      if (limit.signal.aborted || (isStrict && !isRefusal(error))) {
        known.delete(id.toLowerCase());
        throw error;
      }
      onUnread(error);
      return undefined;
    }
  };
  return {
    of(subnetId, limit) {
      const id = vnetIdOf(subnetId);
      const key = id.toLowerCase();
      const reading = known.get(key) ?? read(id, limit);
      known.set(key, reading);
      return reading;
    },
  };
}

/**
 * Reads each VNet once.
 *
 * @param onMissing called once for each VNet that Azure refuses to return
 */
export function rememberVnets(network: NetworkGateway, onMissing: (error: RefusedError) => void): VnetMemory {
  const known = new Map<string, Promise<VnetSpace | undefined>>();
  const read = async (subnetId: string, key: string, limit: Limit): Promise<VnetSpace | undefined> => {
    try {
      return await network.getVnet(subnetId, limit);
    } catch (error) {
      if (!(error instanceof RefusedError)) {
        known.delete(key);
        throw error;
      }
      onMissing(error);
      return undefined;
    }
  };
  return {
    space(subnetId, limit) {
      const key = vnetIdOf(subnetId).toLowerCase();
      const reading = known.get(key) ?? read(subnetId, key, limit);
      known.set(key, reading);
      return reading;
    },
  };
}

export function createRuleReader(
  network: NetworkGateway,
  vnets: VnetMemory,
  admins: AdminRuleMemory,
): RuleReader {
  const groups = new Map<string, Promise<SecurityGroup>>();
  const readGroup = (id: string, limit: Limit): Promise<SecurityGroup> => {
    const key = id.toLowerCase();
    const reading = groups.get(key) ?? network.getSecurityGroup(id, limit);
    groups.set(key, reading);
    return reading;
  };
  return {
    async read({ subnetId, hasRouteTable, publicSku, ...filter }, flow, limit) {
      const [adminRules, ...attached] = await Promise.all([
        admins.of(subnetId, limit),
        ...filter.groups.map(async ({ id, attachedTo }): Promise<AttachedGroup> => ({
          attachedTo,
          group: await readGroup(id, limit),
        })),
      ]);
      const network = withoutRulesForOthers({
        ...{ ...filter, groups: attached },
        ...(publicSku && { publicSku }),
        ...(adminRules && { adminRules }),
      });
      const vnet = needsVnet(network, flow) ? await vnets.space(subnetId, limit) : undefined;
      return vnet ? { ...network, vnet: hasRouteTable ? withRouteTable(vnet) : vnet } : network;
    },
  };
}
