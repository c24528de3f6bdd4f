import type { SecurityGroup } from './securityGroups';
import {
  DEFAULT_SUBSCRIPTION,
  resourceId,
  type NewSecurityGroup,
  type Place,
  type Topology,
} from './topology';

/** An address of a NIC. */
export interface NewAddress {
  readonly privateIp: string;
  /** `null`: a public address resource to which Azure has given no address. */
  readonly publicIp?: string | null;
  readonly primary: boolean;
}

/** A NIC beside or instead of the one that a VM gets by itself. */
export interface NewNic {
  readonly name: string;
  readonly primary: boolean;
  readonly addresses: readonly NewAddress[];
  readonly nsg?: NewSecurityGroup | boolean;
}

export interface NewVm {
  readonly name: string;
  readonly subscriptionId?: string;
  readonly resourceGroup?: string;
  readonly location?: string;
  readonly privateIp?: string;
  readonly publicIp?: string | null;
  /** Default `true`: a security group of its own on the NIC. */
  readonly nicNsg?: NewSecurityGroup | boolean;
  /** Default `false`. A subnet keeps its group: VMs of one subnet share it. */
  readonly subnetNsg?: NewSecurityGroup | boolean;
  readonly subnet?: string;
  readonly vnetPrefixes?: readonly string[];
  /** Names of application security groups of the primary address. */
  readonly applicationSecurityGroups?: readonly string[];
  /** Replaces the one NIC that is made out of `privateIp`, `publicIp` and `nicNsg`. */
  readonly nics?: readonly NewNic[];
}

/** A VM as tests hold it. */
export interface Vm extends Place {
  readonly id: string;
  readonly name: string;
  /** The primary address of the primary NIC. */
  readonly privateIp: string;
  readonly publicIp: string | undefined;
  readonly nicIds: readonly string[];
  readonly nicNsg: SecurityGroup | undefined;
  readonly subnetNsg: SecurityGroup | undefined;
}

const NETWORK = 'Microsoft.Network';

/** Makes a VM with all that belongs to it: NICs, addresses, subnet, network, security groups. */
export function createVm(wanted: NewVm, topology: Topology, ordinal: number): Vm {
  const place: Place = {
    subscriptionId: wanted.subscriptionId ?? DEFAULT_SUBSCRIPTION,
    resourceGroup: wanted.resourceGroup ?? 'rg-app',
    location: wanted.location ?? 'westeurope',
  };
  topology.addGroup(place.subscriptionId, place.resourceGroup);
  const { subnetId, subnetNsg } = ensureSubnet(wanted, place, topology);
  const nics = (wanted.nics ?? [ownNic(wanted, ordinal)]).map((nic) =>
    addNic(nic, wanted, place, subnetId, topology),
  );
  const primary = nics.find(({ nic }) => nic.primary) ?? nics[0];
  const address = primary?.nic.addresses.find((candidate) => candidate.primary);
  if (!primary || !address) throw new Error('A VM needs a NIC with a primary address.');
  const id = resourceId(place, 'Microsoft.Compute/virtualMachines', wanted.name);
  topology.put({ id, json: () => vmJson(id, wanted.name, place, nics) });
  return {
    ...place,
    id,
    name: wanted.name,
    privateIp: address.privateIp,
    publicIp: address.publicIp ?? undefined,
    nicIds: nics.map((nic) => nic.id),
    nicNsg: primary.nsg,
    subnetNsg,
  };
}

const ownNic = (wanted: NewVm, ordinal: number): NewNic => ({
  name: `${wanted.name}-nic`,
  primary: true,
  addresses: [
    {
      privateIp: wanted.privateIp ?? `10.0.0.${3 + ordinal}`,
      primary: true,
      ...(wanted.publicIp === undefined ? {} : { publicIp: wanted.publicIp }),
    },
  ],
  nsg: wanted.nicNsg ?? true,
});

function toSecurityGroup(
  wanted: NewSecurityGroup | boolean | undefined,
  fallbackName: string,
  place: Place,
  topology: Topology,
): SecurityGroup | undefined {
  if (wanted === undefined || wanted === false) return undefined;
  return topology.ensureSecurityGroup(place, wanted === true ? {} : wanted, fallbackName);
}

function ensureSubnet(wanted: NewVm, place: Place, topology: Topology) {
  const vnetId = resourceId(place, `${NETWORK}/virtualNetworks`, `vnet-${place.resourceGroup}`);
  const name = wanted.subnet ?? 'default';
  const subnetId = `${vnetId}/subnets/${name}`;
  const prefixes = wanted.vnetPrefixes ?? ['10.0.0.0/16'];
  const nsg =
    toSecurityGroup(wanted.subnetNsg, `${name}-subnet-nsg`, place, topology) ??
    topology.subnetGroups.get(subnetId);
  if (nsg) topology.subnetGroups.set(subnetId, nsg);
  const group = nsg ? { networkSecurityGroup: { id: nsg.id } } : {};
  const subnet = {
    id: subnetId,
    name,
    type: `${NETWORK}/virtualNetworks/subnets`,
    properties: { provisioningState: 'Succeeded', addressPrefix: prefixes[0], ...group },
  };
  topology.put({ id: subnetId, json: () => subnet });
  if (!topology.has(vnetId) || wanted.vnetPrefixes) {
    const properties = {
      provisioningState: 'Succeeded',
      addressSpace: { addressPrefixes: prefixes },
      subnets: [],
    };
    const vnet = { id: vnetId, name: `vnet-${place.resourceGroup}`, location: place.location, properties };
    topology.put({ id: vnetId, json: () => ({ ...vnet, type: `${NETWORK}/virtualNetworks` }) });
  }
  return { subnetId, subnetNsg: nsg };
}

interface AddedNic {
  readonly id: string;
  readonly nic: NewNic;
  readonly nsg: SecurityGroup | undefined;
}

function addNic(nic: NewNic, wanted: NewVm, place: Place, subnetId: string, topology: Topology): AddedNic {
  const id = resourceId(place, `${NETWORK}/networkInterfaces`, nic.name);
  const nsg = toSecurityGroup(nic.nsg, `${nic.name}-nsg`, place, topology);
  const groups = (wanted.applicationSecurityGroups ?? []).map((name) => ({
    id: resourceId(place, `${NETWORK}/applicationSecurityGroups`, name),
  }));
  const ipConfigurations = nic.addresses.map((address, index) => ({
    name: `ipconfig${index + 1}`,
    id: `${id}/ipConfigurations/ipconfig${index + 1}`,
    properties: {
      provisioningState: 'Succeeded',
      privateIPAddress: address.privateIp,
      privateIPAllocationMethod: 'Dynamic',
      privateIPAddressVersion: 'IPv4',
      primary: address.primary,
      subnet: { id: subnetId },
      ...publicAddress(address, `${nic.name}-ip${index + 1}`, place, topology),
      ...(groups.length > 0 && address.primary ? { applicationSecurityGroups: groups } : {}),
    },
  }));
  const group = nsg ? { networkSecurityGroup: { id: nsg.id } } : {};
  const properties = { provisioningState: 'Succeeded', ipConfigurations, primary: nic.primary, ...group };
  const { location } = place;
  topology.put({
    id,
    json: () => ({ id, name: nic.name, type: `${NETWORK}/networkInterfaces`, location, properties }),
  });
  return { id, nic, nsg };
}

function publicAddress({ publicIp }: NewAddress, name: string, place: Place, topology: Topology): object {
  if (publicIp === undefined) return {};
  const id = resourceId(place, `${NETWORK}/publicIPAddresses`, name);
  const properties = {
    provisioningState: 'Succeeded',
    publicIPAddressVersion: 'IPv4',
    publicIPAllocationMethod: publicIp === null ? 'Dynamic' : 'Static',
    ...(publicIp === null ? {} : { ipAddress: publicIp }),
  };
  const { location } = place;
  topology.put({
    id,
    json: () => ({ id, name, type: `${NETWORK}/publicIPAddresses`, location, properties }),
  });
  return { publicIPAddress: { id } };
}

/** A VM with a single NIC does not say that it is the primary one. */
function vmJson(id: string, name: string, { location }: Place, nics: readonly AddedNic[]): object {
  const networkInterfaces = nics.map((added) => ({
    id: added.id,
    properties: { deleteOption: 'Detach', ...(nics.length > 1 ? { primary: added.nic.primary } : {}) },
  }));
  return {
    name,
    id,
    type: 'Microsoft.Compute/virtualMachines',
    location,
    properties: {
      provisioningState: 'Succeeded',
      hardwareProfile: { vmSize: 'Standard_B2s' },
      osProfile: { computerName: name },
      networkProfile: { networkInterfaces },
    },
  };
}
