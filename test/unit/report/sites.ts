import { parsePrefix, parsePrefixes } from '../../../tasks/shared/core/prefixes';
import { read, type Written } from '../../support/written';
import {
  placesOf,
  type Catalogue,
  type Placed,
} from '../../../tasks/JitReport/JitReportV1/src/judge/catalogue';
import {
  findOpenings,
  type EvaluatedOpening,
} from '../../../tasks/JitReport/JitReportV1/src/judge/permanentAccess';
import type {
  AdminRule,
  PublicSku,
  SecurityGroup,
  SecurityRule,
  VnetSpace,
} from '../../../tasks/shared/core/network';
import type {
  Firewall,
  NetworkRule,
  NatRule,
  Vnet,
  ListedNic,
  ListedVm,
} from '../../../tasks/shared/core/resources';
import { aVm, SUBSCRIPTION } from '../core/policies';
import { aVnet, DEFAULT_RULES } from '../core/networks';

const NETWORK = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers/Microsoft.Network`;
/** The virtual network of the VM. */
export const VNET = `${NETWORK}/virtualNetworks/vnet-app`;
/** Another virtual network. */
export const HUB = `${NETWORK}/virtualNetworks/vnet-hub`;

/** A network interface in its own subnet. Rules are put in a security group, together with the default rules. */
export interface NewNic {
  /** The default is `10.0.0.4` for the first one, and so on. */
  readonly address?: string;
  /** The default is no public address. */
  readonly publicSku?: PublicSku;
  readonly onNic?: readonly SecurityRule[];
  readonly onSubnet?: readonly SecurityRule[];
}

/** A VM with all data that was read around it. */
export interface Site {
  readonly vm: ListedVm;
  readonly catalogue: Catalogue;
}

export function aSite(
  nics: readonly NewNic[],
  given: {
    /** The default is none. `unread` means that they could not be read. */
    readonly firewalls?: readonly Firewall[] | 'unread';
    readonly peers?: readonly string[];
    readonly space?: VnetSpace;
    readonly hasRouteTable?: boolean;
    /** The default is none. `unread` means that they could not be read. */
    readonly adminRules?: readonly AdminRule[] | 'unread';
  } = {},
): Site {
  const groups = new Map<string, SecurityGroup>();
  const addGroup = (name: string, rules: readonly SecurityRule[] | undefined): string | undefined => {
    if (!rules) return undefined;
    const id = `${NETWORK}/networkSecurityGroups/${name}`;
    groups.set(id.toLowerCase(), { id, name, rules: [...rules, ...DEFAULT_RULES] });
    return id.toUpperCase();
  };
  const made = nics.map(({ address, publicSku, onNic, onSubnet }, at) => {
    const subnetId = `${VNET}/subnets/subnet-${String(at)}`;
    const nic: ListedNic = {
      id: `${NETWORK}/networkInterfaces/nic-${String(at)}`,
      securityGroupId: addGroup(`nsg-nic-${String(at)}`, onNic),
      addresses: [
        {
          ...{
            privateIpAddress: parsePrefix(address ?? `10.0.0.${String(4 + at)}`),
            subnetId,
            applicationGroupIds: [],
          },
          publicIpId: publicSku && `${NETWORK}/publicIPAddresses/ip-${String(at)}`,
        },
      ],
    };
    const securityGroupId = addGroup(`nsg-subnet-${String(at)}`, onSubnet);
    return { nic, subnet: { id: subnetId, securityGroupId, hasRouteTable: given.hasRouteTable ?? false } };
  });
  const vnet: Vnet = {
    ...{ id: VNET, space: given.space ?? aVnet('10.0.0.0/16'), peeredVnetIds: given.peers ?? [] },
    subnets: made.map(({ subnet }) => subnet),
  };
  const firewalls = given.firewalls ?? [];
  return {
    vm: {
      ...{ vm: aVm(), location: 'westeurope', system: 'linux' },
      nicIds: made.map(({ nic }) => nic.id.toUpperCase()),
    },
    catalogue: {
      nics: new Map(made.map(({ nic }) => [nic.id.toLowerCase(), nic])),
      groups,
      vnets: new Map([[VNET.toLowerCase(), vnet]]),
      adminRules: new Map(
        given.adminRules === 'unread' ? [] : [[VNET.toLowerCase(), given.adminRules ?? []]],
      ),
      publicSkus: new Map(
        nics.flatMap(({ publicSku }, at) =>
          publicSku ? [[`${NETWORK}/publicIPAddresses/ip-${String(at)}`.toLowerCase(), publicSku]] : [],
        ),
      ),
      firewalls: new Map(firewalls === 'unread' ? [] : [[SUBSCRIPTION, firewalls]]),
    },
  };
}

/** Returns the addresses of a VM, all of which were read. */
export function placesIn({ vm, catalogue }: Site): readonly Placed[] {
  const places = placesOf(vm, catalogue);
  if (!places) throw new Error('A part of the network is missing.');
  return places;
}

/** Returns what is found for SSH over IPv4. */
export function openingOf(
  { vm, ...site }: Site,
  granted: readonly string[] = [],
  protocol: 'TCP' | 'UDP' = 'TCP',
): EvaluatedOpening | undefined {
  const { firewalls, vnets } = site.catalogue;
  const around = { firewalls: firewalls.get(vm.vm.subscriptionId), vnets };
  return findOpenings(
    placesIn({ vm, ...site }),
    { port: 22, protocol, granted: parsePrefixes(granted) },
    around,
  ).find(({ ipVersion }) => ipVersion === 'IPv4');
}

/** Returns a classic firewall in the VM's own network. */
export const aFirewall = (given: Partial<Firewall> = {}): Firewall => ({
  ...{ id: `${NETWORK}/azureFirewalls/fw`, name: 'fw', vnetId: VNET.toUpperCase(), hasPolicy: false },
  ...{ natRules: [], networkRules: [] },
  ...given,
});

/** Returns a rule that allows all TCP traffic from another network. */
export const aNetworkRule = (given: Partial<Written<NetworkRule>> = {}) =>
  read<NetworkRule>({
    ...{ name: 'from-office', priority: 300, access: 'Allow', protocols: ['TCP'], sources: ['10.50.0.0/16'] },
    ...{ destinations: ['*'], destinationPorts: ['22'] },
    ...given,
  });

/** Returns a rule that forwards TCP from any source to SSH on the VM. */
export const aNatRule = (given: Partial<Written<NatRule>> = {}) =>
  read<NatRule>({
    ...{ name: 'to-ssh', priority: 200, protocols: ['TCP'], sources: ['*'] },
    ...{ translatedAddress: '10.0.0.4', translatedPort: 22 },
    ...given,
  });
