import type { Vnet } from './vnets';

/** An address of a security admin rule: a prefix, a service tag, or the ID of a network group. */
export interface AdminAddress {
  readonly addressPrefix: string;
  readonly addressPrefixType: 'IPPrefix' | 'ServiceTag' | 'NetworkGroup';
}

/**
 * A security admin rule that Virtual Network Manager applies to a network. By default, it covers all inbound traffic.
 */
export interface NewAdminRule {
  readonly name: string;
  readonly priority: number;
  readonly access: 'Allow' | 'AlwaysAllow' | 'Deny';
  readonly direction?: 'Inbound' | 'Outbound';
  readonly protocol?: 'Any' | 'Tcp' | 'Udp' | 'Icmp' | 'Esp' | 'Ah';
  /** A text is a prefix if it begins with a digit or is `*`, and otherwise a service tag. */
  readonly sources?: readonly (string | AdminAddress)[];
  readonly destinations?: readonly (string | AdminAddress)[];
  readonly sourcePorts?: readonly string[];
  readonly destinationPorts?: readonly string[];
  readonly manager?: string;
  /** The ID of the resource group of the network manager. */
  readonly managerGroup?: string;
  readonly configuration?: string;
  readonly collection?: string;
  readonly kind?: 'Custom' | 'Default';
  /** Fields of `properties` that override those above, or are removed. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

const MANAGER_GROUP = '/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/rg-avnm';

const toAddress = (address: string | AdminAddress): AdminAddress =>
  typeof address !== 'string'
    ? address
    : { addressPrefix: address, addressPrefixType: /^[\d*]|:/.test(address) ? 'IPPrefix' : 'ServiceTag' };

/**
 * Converts a rule to its JSON in the list of a network's effective rules: `EffectiveSecurityAdminRule` of the published
 * definitions.
 */
export function adminRuleToJson(rule: NewAdminRule): object {
  const { manager = 'corp-manager', configuration = 'corp', collection = 'baseline', kind = 'Custom' } = rule;
  const { managerGroup = MANAGER_GROUP } = rule;
  const managerId = `${managerGroup}/providers/Microsoft.Network/networkManagers/${manager}`;
  const group = `${managerId}/networkGroups/all-networks`;
  return {
    id: `${managerId}/securityAdminConfigurations/${configuration}/ruleCollections/${collection}/rules/${rule.name}`,
    configurationDescription: 'Rules for everybody',
    ruleCollectionDescription: '',
    ruleCollectionAppliesToGroups: [{ networkGroupId: group }],
    kind,
    properties: {
      description: '',
      ...(kind === 'Default' && { flag: 'AllowVnetInbound' }),
      protocol: rule.protocol ?? 'Any',
      sources: (rule.sources ?? ['*']).map(toAddress),
      destinations: (rule.destinations ?? ['*']).map(toAddress),
      sourcePortRanges: rule.sourcePorts ?? ['0-65535'],
      destinationPortRanges: rule.destinationPorts ?? ['0-65535'],
      access: rule.access,
      priority: rule.priority,
      direction: rule.direction ?? 'Inbound',
      provisioningState: 'Succeeded',
      resourceGuid: '11111111-aaaa-4bbb-8ccc-222222222222',
      ...rule.properties,
    },
    ruleGroups: [
      {
        id: group,
        properties: { description: '', provisioningState: 'Succeeded' },
      },
    ],
  };
}

/** Applies a rule to a network. */
export const addAdminRule = (vnet: Vnet, rule: NewAdminRule): void =>
  void vnet.adminRules.push(adminRuleToJson(rule));
