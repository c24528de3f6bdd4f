import type { SecurityGroup } from './securityGroups';
import { DEFAULT_RULES, type NewRule } from './securityRules';

/** One inbound packet. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** What the names in rules mean. */
export interface Names {
  /** The prefixes of the network and of connected networks. */
  readonly vnet: readonly string[];
  /** The prefixes of other service tags, by the tag in lower case. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
  /** Returns the addresses of the members of an application security group, by its ID. */
  readonly membersOf: (groupId: string) => readonly string[];
}

export interface Decision {
  readonly access: 'Allow' | 'Deny';
  readonly ruleName?: string;
}

const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

/** Whether an address is in a prefix: both are cut to its length and compared. */
export function isInside(address: string, prefix: string): boolean {
  const [base = '', length = '32'] = prefix.split('/');
  if (!/^[\d.]+$/.test(base)) return false;
  const size = 2 ** (32 - Number(length));
  return Math.floor(toNumber(address) / size) === Math.floor(toNumber(base) / size);
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '168.63.129.16'];

/** Whether an address matches a text of a rule. */
function isMeant(address: string, text: string, { vnet, tags }: Names): boolean {
  const isIn = (prefixes: readonly string[]): boolean => prefixes.some((prefix) => isInside(address, prefix));
  const tag = text.toLowerCase();
  if (['*', 'any', '0.0.0.0/0'].includes(tag)) return true;
  if (tag === 'virtualnetwork') return isIn(vnet);
  if (tag === 'internet') return !isIn(PRIVATE) && !isIn(vnet);
  if (tag === 'azureloadbalancer') return address === '168.63.129.16';
  return isIn(tags[tag] ?? [text]);
}

function isPort(port: number, text: string): boolean {
  if (text === '*') return true;
  const [first, last = first] = text.split('-').map(Number);
  return first !== undefined && last !== undefined && first <= port && port <= last;
}

/** The fields that decide which packets a rule matches, regardless of who wrote it. */
interface Fields {
  readonly direction: string;
  readonly protocol: string;
  readonly sources: readonly string[];
  readonly sourceGroups: readonly string[];
  readonly destinations: readonly string[];
  readonly destinationGroups: readonly string[];
  readonly ports: readonly string[];
}

function applies(rule: Fields, { source, destination, port, protocol }: Packet, names: Names): boolean {
  const isSide = (address: string, texts: readonly string[], groups: readonly string[]): boolean =>
    texts.some((text) => isMeant(address, text, names)) ||
    groups.some((group) => names.membersOf(group).includes(address));
  return (
    rule.direction === 'Inbound' &&
    ['*', 'any', protocol.toLowerCase()].includes(rule.protocol.toLowerCase()) &&
    isSide(source, rule.sources, rule.sourceGroups) &&
    isSide(destination, rule.destinations, rule.destinationGroups) &&
    rule.ports.some((text) => isPort(port, text))
  );
}

const fieldsOf = (rule: NewRule): Fields => ({
  direction: rule.direction ?? 'Inbound',
  protocol: rule.protocol ?? '*',
  sources: rule.sources ?? (rule.sourceGroupIds ? [] : ['*']),
  sourceGroups: rule.sourceGroupIds ?? [],
  destinations: rule.destinations ?? (rule.destinationGroupIds ? [] : ['*']),
  destinationGroups: rule.destinationGroupIds ?? [],
  ports: rule.destinationPorts ?? ['*'],
});

interface AdminRuleJson {
  readonly id: string;
  readonly properties: {
    readonly priority: number;
    readonly access: 'Allow' | 'AlwaysAllow' | 'Deny';
    readonly direction: string;
    readonly protocol: string;
    readonly sources: readonly { readonly addressPrefix: string }[];
    readonly destinations: readonly { readonly addressPrefix: string }[];
    readonly destinationPortRanges: readonly string[];
  };
}

const texts = (side: readonly { readonly addressPrefix: string }[]): readonly string[] =>
  side.map(({ addressPrefix }) => addressPrefix);

const adminFieldsOf = ({ properties }: AdminRuleJson): Fields => ({
  ...{ direction: properties.direction, protocol: properties.protocol },
  ...{ sources: texts(properties.sources), sourceGroups: [] },
  ...{ destinations: texts(properties.destinations), destinationGroups: [] },
  ports: properties.destinationPortRanges,
});

/** Returns the first rule, by priority, that matches the packet. */
function first<Rule>(
  rules: readonly Rule[],
  priority: (rule: Rule) => number,
  fields: (rule: Rule) => Fields,
  packet: Packet,
  names: Names,
): Rule | undefined {
  return rules
    .toSorted((one, other) => priority(one) - priority(other))
    .find((rule) => applies(fields(rule), packet, names));
}

/**
 * Decides whether a packet is allowed: by the rules of Virtual Network Manager first, then by the NSG of the subnet,
 * then by that of the NIC. In each, the first matching rule decides. This was written independently of the product's
 * code.
 *
 * @param adminRules the rules in the order of the list
 */
export function decide(
  adminRules: readonly object[],
  groups: readonly SecurityGroup[],
  packet: Packet,
  names: Names,
): Decision {
  const admin = first(
    adminRules as readonly AdminRuleJson[],
    ({ properties }) => properties.priority,
    adminFieldsOf,
    packet,
    names,
  );
  if (admin && admin.properties.access !== 'Allow') {
    const access = admin.properties.access === 'Deny' ? 'Deny' : 'Allow';
    return { access, ruleName: admin.id.split('/').at(-1) ?? '' };
  }
  let decision: Decision = { access: 'Deny' };
  for (const group of groups) {
    const rules = [...group.rules(), ...DEFAULT_RULES];
    const rule = first(rules, ({ priority }) => priority, fieldsOf, packet, names);
    if (!rule) return { access: 'Deny' };
    // As in the effective rules of a NIC.
    const kind = DEFAULT_RULES.includes(rule) ? 'DefaultRule' : 'UserRule';
    decision = { access: rule.access, ruleName: `${kind}_${rule.name}` };
    if (rule.access === 'Deny') return decision;
  }
  return decision;
}
