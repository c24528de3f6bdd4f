import type { Prefix } from '../../../../shared/core/prefixes';
import type { Ipv6Address, PublicSku } from '../../../../shared/core/network';
import type { PublicIpAt } from '../../../../shared/core/resources';
import type { RefusedError } from '../../../../shared/core/errors';
import type { VmId } from '../../../../shared/core/resourceIds';

export interface Filter {
  readonly privateIpAddress: Prefix;
  /** The SKU of the public address. Absent if there is no public address, and `unknown` if it cannot be read. */
  readonly publicSku: PublicSku | undefined;
  readonly applicationGroupIds: readonly string[];
  readonly ipv6?: readonly Ipv6Address[];
  readonly subnetId: string;
  readonly hasRouteTable: boolean;
  readonly groups: readonly { readonly id: string; readonly attachedTo: 'nic' | 'subnet' }[];
}

/** The place of a VM in its network, as far as Azure allows it to be read. */
export interface VmPlace {
  readonly vm: VmId;
  /** Absent if the VM or its NIC cannot be read. */
  readonly privateIpAddress: Prefix | undefined;
  readonly publicIpAddress: string | undefined;
  /** The resource IDs of the NIC, the public address, and the subnet, as far as they are known. */
  readonly nicId: string | undefined;
  readonly publicIpId: string | undefined;
  readonly subnetId: string | undefined;
  /** Whether Azure returned the public address. If it did, and no address is known, the public address has no value. */
  readonly isPublicIpRead?: boolean;
  /** As Azure names it, such as `deallocated`. Absent if Azure does not report it. */
  readonly powerState?: string | undefined;
  /** Public addresses on other IP configurations of the primary NIC. Absent if there are none, or none is known. */
  readonly otherPublicIps?: readonly PublicIpAt[] | undefined;
  /** The NICs other than the primary one. Absent if the VM cannot be read. */
  readonly otherNicIds?: readonly string[] | undefined;
  /** What filters the traffic. Absent if Azure refuses a read that leads to it. */
  readonly filter: Filter | undefined;
  readonly missing: readonly RefusedError[];
  /** Where to connect behind Azure Firewall, by port, if only the policy's own entry of the request says so. */
  readonly firewalls?: ReadonlyMap<number, Endpoint>;
}

/** A host and its port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}
