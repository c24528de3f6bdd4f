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
  /** Another address, of IPv6, on the one NIC. */
  readonly ipv6?: string;
  /** Default `Standard`. */
  readonly publicSku?: PublicSku;
  /** Default `true`: a security group of its own on the NIC. */
  readonly nicNsg?: NewSecurityGroup | boolean;
  /** Default `false`. A subnet keeps its group: VMs of one subnet share it. */
  readonly subnetNsg?: NewSecurityGroup | boolean;
  readonly subnet?: string;
  /** The name of the route table of that subnet. */
  readonly routeTable?: string;
  /** Default `vnet-<group>`, with the region behind it where the group has a network of that name in another one. */
  readonly vnet?: string;
  readonly vnetPrefixes?: readonly string[];
  /** Names of application security groups of the primary address. */
  readonly applicationSecurityGroups?: readonly string[];
  /** Replaces the one NIC that is made out of `privateIp`, `publicIp` and `nicNsg`; empty for a VM without any. */
  readonly nics?: readonly NewNic[];
  /** Default `Linux`; `null` for a VM that does not tell, `profile:Windows` for one that tells by its profile only. */
  readonly system?: 'Linux' | 'Windows' | 'profile:Windows' | null;
  /**
   * What follows `PowerState/` in the instance view: default `running`; `null` where it is not told, `none` for a VM without
   * an instance view. https://learn.microsoft.com/azure/virtual-machines/states-billing
   */
  readonly powerState?: string | null;
}

/** A VM as tests hold it. */
export interface Vm extends Place {
  readonly id: string;
  readonly name: string;
  /** The primary address of the primary NIC; empty for a VM without NICs. */
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  readonly nicIds: readonly string[];
  readonly nicNsg: SecurityGroup | undefined;
  readonly subnetNsg: SecurityGroup | undefined;
  /** Of the network of its NICs. */
  readonly vnetId: string;
}

/** Makes a VM with all that belongs to it: NICs, addresses, subnet, network, security groups. */
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

/** The same answer with `$expand=instanceView`, which puts it among the other properties. */
function withInstanceView(vm: { readonly properties: object }, wanted: NewVm): object {
  const { powerState = 'running', name } = wanted;
  if (powerState === 'none') return vm;
  return { ...vm, properties: { ...vm.properties, instanceView: instanceViewJson(name, powerState) } };
}

/** A VM with a single NIC does not say that it is the primary one. */
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
