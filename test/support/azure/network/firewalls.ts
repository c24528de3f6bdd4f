import { addPublicAddress, NETWORK } from './nics';
import { resourceId, type Place, type Topology } from './topology';
import type { Vm } from './vms';
import { ensureSubnet, requireVnet } from './vnets';

/** A rule that forwards traffic that arrives at a firewall. */
export interface NewNatRule {
  readonly name: string;
  /** In Azure's notation: `TCP`, `UDP`, `Any`. Default `['TCP']`. */
  readonly protocols?: readonly string[];
  /** Default `['*']`. */
  readonly sourceAddresses?: readonly string[];
  /** Public addresses of the firewall. */
  readonly destinationAddresses: readonly string[];
  readonly destinationPorts: readonly string[];
  readonly translatedAddress: string;
  readonly translatedPort: string;
}

/** A rule that allows or denies traffic that arrives. */
export interface NewNetworkRule {
  readonly name: string;
  /** The priority of its collection, which contains only this rule. Default 300. */
  readonly priority?: number;
  /** Default `Allow`. */
  readonly action?: 'Allow' | 'Deny';
  readonly protocols?: readonly string[];
  readonly sourceAddresses?: readonly string[];
  /** The IDs of IP groups. The rule then has no source addresses. */
  readonly sourceIpGroups?: readonly string[];
  readonly destinationAddresses?: readonly string[];
  readonly destinationPorts: readonly string[];
}

/** An Azure Firewall in the network of a VM. */
export interface NewFirewall {
  /** Default `firewall`. */
  readonly name?: string;
  /** The VM whose network, group, and region it uses. */
  readonly besides: Vm;
  /** Default `20.4.0.4`. */
  readonly publicIp?: string;
  /** Rules of its own, which just-in-time access requires. */
  readonly natRules?: readonly NewNatRule[];
  readonly networkRules?: readonly NewNetworkRule[];
  /** The name of a Firewall Policy that manages it. It then has no rules of its own. */
  readonly policy?: string;
}

/** Creates a firewall and the subnet that it requires, and returns its ID. */
export function addFirewall(wanted: NewFirewall, topology: Topology): string {
  const { name = 'firewall', besides, publicIp = '20.4.0.4', policy } = wanted;
  const { natRules = [], networkRules = [] } = wanted;
  if (policy !== undefined && natRules.length + networkRules.length > 0) {
    throw new Error('A firewall that a policy manages has no rules of its own.');
  }
  const place: Place = besides;
  const id = resourceId(place, `${NETWORK}/azureFirewalls`, name);
  const { name: vnet } = requireVnet(besides.vnetId, topology);
  const subnet = ensureSubnet(place, { vnet, subnet: 'AzureFirewallSubnet' }, topology);
  const address = addPublicAddress({ publicIp }, `${name}-ip`, place, topology);
  const configuration = { subnet: { id: subnet.id }, ...address };
  const properties = {
    provisioningState: 'Succeeded',
    threatIntelMode: 'Alert',
    sku: { name: 'AZFW_VNet', tier: 'Standard' },
    ipConfigurations: [
      { name: 'configuration', id: `${id}/ipConfigurations/configuration`, properties: configuration },
    ],
    ...(policy === undefined
      ? {
          natRuleCollections: toCollections(id, natRules),
          networkRuleCollections: networkRules.map((rule) => toNetworkCollection(id, rule)),
          applicationRuleCollections: [],
        }
      : { firewallPolicy: { id: resourceId(place, `${NETWORK}/firewallPolicies`, policy) } }),
  };
  const { location } = place;
  topology.put({ id, json: () => ({ id, name, type: `${NETWORK}/azureFirewalls`, location, properties }) });
  return id;
}

function toCollections(id: string, rules: readonly NewNatRule[]): readonly object[] {
  if (rules.length === 0) return [];
  const name = 'nat';
  const properties = {
    provisioningState: 'Succeeded',
    priority: 200,
    action: { type: 'Dnat' },
    rules: rules.map((rule) => ({ protocols: ['TCP'], sourceAddresses: ['*'], sourceIpGroups: [], ...rule })),
  };
  return [{ name, id: `${id}/natRuleCollections/${name}`, properties }];
}

function toNetworkCollection(
  id: string,
  { priority = 300, action = 'Allow', sourceIpGroups = [], ...rule }: NewNetworkRule,
): object {
  const name = `network-${rule.name}`;
  const sourceAddresses = sourceIpGroups.length > 0 ? [] : ['*'];
  const rules = [
    {
      ...{ protocols: ['TCP'], sourceAddresses, sourceIpGroups, destinationAddresses: ['*'] },
      ...{ destinationIpGroups: [], destinationFqdns: [], ...rule },
    },
  ];
  const properties = { provisioningState: 'Succeeded', priority, action: { type: action }, rules };
  return { name, id: `${id}/networkRuleCollections/${name}`, properties };
}
