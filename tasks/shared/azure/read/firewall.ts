import type { AzureFirewall, AzureFirewallNatRule } from '@azure/arm-network';
import type { Firewall, NatRule } from '../../inventory';
import type { Kind } from '../reader';
import { flat } from './json';
import { shapeOf, type Shape } from './shape';

const WHAT = 'A firewall';

const kind = { type: 'Microsoft.Network/azureFirewalls', noun: 'firewall', service: 'network' } as const;

const shapeOfFirewall = (body: unknown) => shapeOf<AzureFirewall>(flat(body, WHAT), WHAT);

/** The public addresses of a firewall: the ids of those in a virtual network, and those themselves in a virtual hub. */
export interface FirewallAddresses {
  readonly ids: readonly string[];
  readonly addresses: readonly string[];
}

/** A firewall by its public addresses. https://learn.microsoft.com/rest/api/virtualnetwork/azure-firewalls/get */
export const FIREWALL_ADDRESSES: Kind<FirewallAddresses> = {
  ...kind,
  read(body) {
    const shape = shapeOfFirewall(body);
    const hub = shape.optional('hubIPAddresses')?.optional('publicIPs');
    return {
      ids: shape
        .list('ipConfigurations')
        .flatMap((configuration) => configuration.optional('publicIPAddress')?.optionalText('id') ?? []),
      addresses: hub?.list('addresses').flatMap((one) => one.optionalText('address') ?? []) ?? [],
    };
  },
};

/** A firewall by what it lets through. */
export const FIREWALL: Kind<Firewall> = {
  ...kind,
  read(body) {
    const shape = shapeOfFirewall(body);
    const subnetIds = shape
      .list('ipConfigurations')
      .flatMap((configuration) => configuration.optional('subnet')?.optionalText('id') ?? []);
    return {
      id: shape.text('id'),
      name: shape.optionalText('name') ?? '',
      vnetId: subnetIds[0]?.replace(/\/subnets\/[^/]*$/i, ''),
      hasPolicy: shape.optional('firewallPolicy')?.optionalText('id') !== undefined,
      natRules: shape.list('natRuleCollections').flatMap((collection) => {
        const priority = collection.optionalInteger('priority') ?? 0;
        return collection.list('rules').flatMap((rule) => toNatRule(rule, priority) ?? []);
      }),
    };
  },
};

function toNatRule(rule: Shape<AzureFirewallNatRule>, priority: number): NatRule | undefined {
  const translatedAddress = rule.optionalText('translatedAddress');
  const translatedPort = Number(rule.optionalText('translatedPort'));
  // A rule may lead to a name, which is resolved by the firewall only.
  if (translatedAddress === undefined || !Number.isInteger(translatedPort)) return undefined;
  return {
    name: rule.optionalText('name') ?? '',
    priority,
    protocols: rule.texts('protocols'),
    sources: rule.texts('sourceAddresses'),
    translatedAddress,
    translatedPort,
  };
}
