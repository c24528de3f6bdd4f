import type { Prefix } from '../../../../shared/core/prefixes';
import type { Ipv6Address, PublicSku } from '../../../../shared/core/network';
import type { PublicIpAt } from '../../../../shared/core/resources';
import type { RefusedError } from '../../../../shared/core/errors';
import type { VmId } from '../../../../shared/core/resourceIds';

export interface Filter {
  readonly privateIpAddress: Prefix;
  /** Of the public address; absent without one, and `unknown` when it may not be read. */
  readonly publicSku: PublicSku | undefined;
  readonly applicationGroupIds: readonly string[];
  readonly ipv6?: readonly Ipv6Address[];
  readonly subnetId: string;
  readonly hasRouteTable: boolean;
  readonly groups: readonly { readonly id: string; readonly attachedTo: 'nic' | 'subnet' }[];
}

/** Where a VM sits in its network, as far as Azure lets it be read. */
export interface VmPlace {
  readonly vm: VmId;
  /** Absent when the VM or its NIC may not be read. */
  readonly privateIpAddress: Prefix | undefined;
  readonly publicIpAddress: string | undefined;
  /** The ARM ids on the way, as far as they are known. */
  readonly nicId: string | undefined;
  readonly publicIpId: string | undefined;
  readonly subnetId: string | undefined;
  /** Whether Azure told what the public address is; it has no value where it did, and none is known. */
  readonly isPublicIpRead?: boolean;
  /** As Azure names it, such as `deallocated`; absent where it does not tell. */
  readonly powerState?: string | undefined;
  /** Public addresses on other IP configurations of the primary NIC; absent when there is none, or none is known. */
  readonly otherPublicIps?: readonly PublicIpAt[] | undefined;
  /** The NICs beside the primary one; absent when the VM may not be read. */
  readonly otherNicIds?: readonly string[] | undefined;
  /** What the rules filter by; absent when Azure refuses a reading on the way to them. */
  readonly filter: Filter | undefined;
  readonly missing: readonly RefusedError[];
}
