/** A rule as a test describes it. Fields that are absent are `*`. */
export interface NewRule {
  readonly name: string;
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly direction?: 'Inbound' | 'Outbound';
  /** In Azure's notation: `*`, `Tcp`, `Udp`, `Icmp`. */
  readonly protocol?: string;
  readonly sources?: readonly string[];
  readonly sourcePorts?: readonly string[];
  readonly destinations?: readonly string[];
  readonly destinationPorts?: readonly string[];
  /** The IDs of application security groups. The rule then has no source addresses. */
  readonly sourceGroupIds?: readonly string[];
  readonly destinationGroupIds?: readonly string[];
  readonly description?: string;
  /** Fields of the JSON that override those of the rule, such as another case or an invalid value. */
  readonly wire?: object;
}

/** A rule with the period in which it exists, in milliseconds since 1970 on Azure's clock. */
export interface StoredRule extends NewRule {
  readonly madeBy: 'hand' | 'jit-deny' | 'jit-allow';
  readonly from: number;
  until: number;
}

export const isVisible = (rule: StoredRule, now: number): boolean => rule.from <= now && now < rule.until;

type Fields = Readonly<Record<string, unknown>>;

/** Azure has one field for a single value and one for several. The unused field is absent or empty. */
function oneOrMany(one: string, many: string, values: readonly string[], plural: boolean): Fields {
  if (values.length === 0) return { [many]: [] };
  if (values.length === 1 && (!plural || values[0] === '*')) return { [one]: values[0], [many]: [] };
  return { [many]: values };
}

const groups = (key: string, ids: readonly string[] | undefined): Fields =>
  ids ? { [key]: ids.map((id) => ({ id })) } : {};

/** Converts a rule to JSON. A star and several values can be written in only one way. All others depend on `plural`. */
export function ruleToJson(
  groupId: string,
  rule: NewRule,
  plural: boolean,
  folder = 'securityRules',
): object {
  const any = ['*'];
  const type = `Microsoft.Network/networkSecurityGroups/${folder}`;
  return {
    name: rule.name,
    id: `${groupId}/${folder}/${rule.name}`,
    etag: 'W/"4f2a2b8e-6ad4-4b3a-8a53-8f6a8f0f8c11"',
    type,
    properties: {
      provisioningState: 'Succeeded',
      ...(rule.description === undefined ? {} : { description: rule.description }),
      protocol: rule.protocol ?? '*',
      access: rule.access,
      priority: rule.priority,
      direction: rule.direction ?? 'Inbound',
      ...oneOrMany('sourcePortRange', 'sourcePortRanges', rule.sourcePorts ?? any, plural),
      ...oneOrMany('destinationPortRange', 'destinationPortRanges', rule.destinationPorts ?? any, plural),
      ...oneOrMany(
        'sourceAddressPrefix',
        'sourceAddressPrefixes',
        rule.sources ?? (rule.sourceGroupIds ? [] : any),
        plural,
      ),
      ...oneOrMany(
        'destinationAddressPrefix',
        'destinationAddressPrefixes',
        rule.destinations ?? (rule.destinationGroupIds ? [] : any),
        plural,
      ),
      ...groups('sourceApplicationSecurityGroups', rule.sourceGroupIds),
      ...groups('destinationApplicationSecurityGroups', rule.destinationGroupIds),
      ...rule.wire,
    },
  };
}

const allow = (name: string, priority: number, sources: string, destinations: string): NewRule => ({
  name,
  priority,
  access: 'Allow',
  sources: [sources],
  destinations: [destinations],
});

/** The default rules that Azure adds to every NSG. */
export const DEFAULT_RULES: readonly NewRule[] = [
  allow('AllowVnetInBound', 65000, 'VirtualNetwork', 'VirtualNetwork'),
  allow('AllowAzureLoadBalancerInBound', 65001, 'AzureLoadBalancer', '*'),
  { name: 'DenyAllInBound', priority: 65500, access: 'Deny' },
  { ...allow('AllowVnetOutBound', 65000, 'VirtualNetwork', 'VirtualNetwork'), direction: 'Outbound' },
  { ...allow('AllowInternetOutBound', 65001, '*', 'Internet'), direction: 'Outbound' },
  { name: 'DenyAllOutBound', priority: 65500, access: 'Deny', direction: 'Outbound' },
];
