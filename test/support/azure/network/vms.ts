import { addNic, type AddedNic, type NewNic, type PublicSku } from './nics';
import type { SecurityGroup } from './securityGroups';
import {
  DEFAULT_SUBSCRIPTION,
  resourceId,
  type NewSecurityGroup,
  type Place,
  type Topology,
} from './topology';
import { ensureSubnet } from './vnets';
import { instanceViewJson } from './instanceView';

export interface NewVm {
  readonly name: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly privateIp?: string;
  readonly publicIp?: string | null;
  /** An additional IPv6 address on the only NIC. */
  readonly ipv6?: string;
  /** Default `Standard`. */
  readonly publicSku?: PublicSku;
  /** Default `true`: an NSG of its own on the NIC. */
  readonly nicNsg?: NewSecurityGroup | boolean;
  /** Default `false`. A subnet keeps its NSG, which all VMs in it share. */
  readonly subnetNsg?: NewSecurityGroup | boolean;
  readonly subnet?: string;
  /** The name of the route table of that subnet. */
  readonly routeTable?: string;
  /** Default `vnet-<group>`, followed by the region if the group has a network with that name in another region. */
  readonly vnet?: string;
  readonly vnetPrefixes?: readonly string[];
  /** The names of the application security groups of the primary address. */
  readonly applicationSecurityGroups?: readonly string[];
  /** Replaces the NIC that is created from `privateIp`, `publicIp`, and `nicNsg`. Empty for a VM without NICs. */
  readonly nics?: readonly NewNic[];
  /**
   * Default `Linux`. `null` for a VM without this information, `profile:Windows` for one that has it in its profile
   * only.
   */
  readonly system?: 'Linux' | 'Windows' | 'profile:Windows' | null;
  /**
   * The text after `PowerState/` in the instance view. Default `running`. `null` if Azure does not report it, `none`
   * for a VM without an instance view. https://learn.microsoft.com/azure/virtual-machines/states-billing
   */
  readonly powerState?: string | null;
}

/** A VM as tests use it. */
export interface Vm extends Place {
  readonly id: string;
  readonly name: string;
  /** The primary address of the primary NIC. Empty for a VM without NICs. */
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  readonly nicIds: readonly string[];
  readonly nicNsg: SecurityGroup | undefined;
  readonly subnetNsg: SecurityGroup | undefined;
  /** The ID of the network of its NICs. */
  readonly vnetId: string;
}

/** Creates a VM with all its resources: NICs, addresses, subnet, network, and NSGs. */
export function createVm(wanted: NewVm, topology: Topology, ordinal: number): Vm {
  const place: Place = {
    subscriptionId: wanted.subscriptionId ?? DEFAULT_SUBSCRIPTION,
    resourceGroup: wanted.resourceGroup ?? 'rg-app',
    location: wanted.location ?? 'westeurope',
  };
  topology.addGroup(place.subscriptionId, place.resourceGroup);
  const { id: subnetId, securityGroup: subnetNsg } = ensureSubnet(place, wanted, topology);
  const nics = (wanted.nics ?? [ownNic(wanted, ordinal)]).map((nic) =>
    addNic(nic, wanted.applicationSecurityGroups ?? [], place, subnetId, topology),
  );
  const primary = nics.find(({ nic }) => nic.primary) ?? nics[0];
  const addresses = primary?.nic.addresses ?? [];
  const address = addresses.find((candidate) => candidate.primary) ?? addresses[0];
  if (primary && !address) throw new Error('A NIC needs a primary address.');
  const id = resourceId(place, 'Microsoft.Compute/virtualMachines', wanted.name);
  const json = () => vmJson(id, wanted, place, nics);
  topology.put({ id, json, expanded: () => withInstanceView(json(), wanted) });
  return {
    ...place,
    id,
    name: wanted.name,
    privateIp: address?.privateIp ?? '',
    publicIp: address?.publicIp ?? undefined,
    nicIds: nics.map((nic) => nic.id),
    nicNsg: primary?.nsg,
    subnetNsg,
    vnetId: subnetId.replace(/\/subnets\/.*/, ''),
  };
}

const ownNic = (wanted: NewVm, ordinal: number): NewNic => ({
  name: `${wanted.name}-nic`,
  primary: true,
  ...(wanted.ipv6 === undefined ? {} : { ipv6: wanted.ipv6 }),
  addresses: [
    {
      privateIp: wanted.privateIp ?? `10.0.${(3 + ordinal) >> 8}.${(3 + ordinal) & 255}`,
      primary: true,
      ...(wanted.publicIp === undefined ? {} : { publicIp: wanted.publicIp }),
      ...(wanted.publicSku === undefined ? {} : { publicSku: wanted.publicSku }),
    },
  ],
  nsg: wanted.nicNsg ?? true,
});

/** Returns the same response with `$expand=instanceView`, which adds the instance view to the properties. */
function withInstanceView(vm: { readonly properties: object }, wanted: NewVm): object {
  const { powerState = 'running', name } = wanted;
  if (powerState === 'none') return vm;
  return { ...vm, properties: { ...vm.properties, instanceView: instanceViewJson(name, powerState) } };
}

/** A VM with a single NIC does not mark it as the primary one. */
function vmJson(
  id: string,
  { name, tags, system = 'Linux' }: NewVm,
  { location }: Place,
  nics: readonly AddedNic[],
): { readonly properties: object } & Readonly<Record<string, unknown>> {
  const byProfile = system === 'profile:Windows';
  const networkInterfaces = nics.map((added) => ({
    id: added.id,
    properties: {
      deleteOption: 'Detach',
      ...(nics.length > 1 && !added.nic.unmarked ? { primary: added.nic.primary } : {}),
    },
  }));
  return {
    name,
    id,
    type: 'Microsoft.Compute/virtualMachines',
    location,
    ...(tags && { tags }),
    properties: {
      provisioningState: 'Succeeded',
      hardwareProfile: { vmSize: 'Standard_B2s' },
      storageProfile: {
        osDisk: {
          createOption: 'FromImage',
          ...(system !== null && !byProfile && { osType: system }),
          diskSizeGB: 30,
        },
      },
      osProfile: { computerName: name, ...(byProfile && { windowsConfiguration: {} }) },
      networkProfile: { networkInterfaces },
    },
  };
}
