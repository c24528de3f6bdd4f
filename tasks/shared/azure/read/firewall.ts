import { vnetIdOf } from '../../core/resourceIds';
import type { AzureFirewall, AzureFirewallNatRule, AzureFirewallNetworkRule } from '@azure/arm-network';
import { parseIpv4 } from '../../core/addresses';
import { parsePrefix, toPrefixes, type Prefix } from '../../core/prefixes';
import type { Firewall, NetworkRule, NatRule } from '../../core/resources';
import type { Kind } from '../reader';
import { flat } from './json';
import { shapeOf, type Shape } from './shape';

const WHAT = 'A firewall';

const kind = { type: 'Microsoft.Network/azureFirewalls', noun: 'firewall', service: 'network' } as const;

const shapeOfFirewall = (body: unknown) => shapeOf<AzureFirewall>(flat(body, WHAT), WHAT);

/** The public addresses of a firewall: their IDs in a virtual network, and the addresses themselves in a hub. */
export interface FirewallAddresses {
  readonly ids: readonly string[];
  readonly addresses: readonly string[];
}

/** Reads the public addresses of a firewall. https://learn.microsoft.com/rest/api/virtualnetwork/azure-firewalls/get */
export const FIREWALL_ADDRESSES: Kind<FirewallAddresses> = {
  ...kind,
  read(body) {
    const shape = shapeOfFirewall(body);
    const hub = shape.optional('hubIPAddresses')?.optional('publicIPs');
    return {
      ids: shape
        .list('ipConfigurations')
        .flatMap((configuration) => configuration.optional('publicIPAddress')?.text('id') ?? []),
      addresses: hub?.list('addresses').flatMap((one) => one.optionalText('address') ?? []) ?? [],
    };
  },
};

/** Reads the rules of a firewall. */
export const FIREWALL: Kind<Firewall> = {
  ...kind,
  read(body) {
    const shape = shapeOfFirewall(body);
    const subnetIds = shape
      .list('ipConfigurations')
      .flatMap((configuration) => configuration.optional('subnet')?.text('id') ?? []);
    return {
      id: shape.text('id'),
      name: shape.optionalText('name') ?? '',
      vnetId: subnetIds[0] === undefined ? undefined : vnetIdOf(subnetIds[0]),
      hasPolicy: shape.optional('firewallPolicy')?.text('id') !== undefined,
      natRules: shape.list('natRuleCollections').flatMap((collection) => {
        const priority = collection.priority('priority');
        return collection.list('rules').flatMap((rule) => toNatRule(rule, priority) ?? []);
      }),
      networkRules: shape.list('networkRuleCollections').flatMap((collection) => {
        const priority = collection.priority('priority');
        // A collection that does not explicitly deny is read as one that allows.
        const denies = collection.optional('action')?.optionalText('type')?.toLowerCase() === 'deny';
        return collection
          .list('rules')
          .map((rule) => toNetworkRule(rule, priority, denies ? 'Deny' : 'Allow'));
      }),
    };
  },
};

function toNatRule(rule: Shape<AzureFirewallNatRule>, priority: number): NatRule | undefined {
  const translatedAddress = rule.optionalText('translatedAddress');
  const translatedPort = Number(rule.optionalText('translatedPort'));
  // A rule can lead to a name, which only the firewall can resolve.
  if (translatedAddress === undefined || !Number.isInteger(translatedPort)) return undefined;
  return {
    name: rule.optionalText('name') ?? '',
    priority,
    protocols: rule.texts('protocols'),
    sources: sourcesOf(rule),
    translatedAddress,
    translatedPort,
  };
}

function toNetworkRule(
  rule: Shape<AzureFirewallNetworkRule>,
  priority: number,
  access: NetworkRule['access'],
): NetworkRule {
  const others = [...rule.texts('destinationIpGroups'), ...rule.texts('destinationFqdns')];
  return {
    name: rule.optionalText('name') ?? '',
    ...{ priority, access },
    protocols: rule.texts('protocols'),
    sources: sourcesOf(rule),
    destinations: [
      ...rule.texts('destinationAddresses').flatMap(readAddresses),
      ...(others.length > 0 ? [UNRESOLVED] : []),
    ],
    destinationPorts: rule.texts('destinationPorts'),
  };
}

/** Represents addresses that only the firewall can resolve in a list of addresses. */
const UNRESOLVED = parsePrefix('');

const sourcesOf = (
  rule: Pick<Shape<AzureFirewallNatRule & AzureFirewallNetworkRule>, 'texts'>,
): readonly Prefix[] => [
  ...rule.texts('sourceAddresses').flatMap(readAddresses),
  ...(rule.texts('sourceIpGroups').length > 0 ? [UNRESOLVED] : []),
];

/** Parses one entry. Firewalls also allow ranges: `10.0.0.1-10.0.0.9`. */
function readAddresses(text: string): readonly Prefix[] {
  const [first, last] = text.split('-').map((end) => parseIpv4(end.trim()));
  return first === undefined || last === undefined || last < first
    ? [parsePrefix(text)]
    : toPrefixes([{ first, last }]);
}
