import type { AttachedGroup, RuleFields, SecurityRule, VmNetwork } from '../../../../shared/core/network';
import { isJitRuleName, withoutAdminRules, withoutRules } from '../../../../shared/core/nsg/rules';
import { isGrantRule, isWithin } from '../../../../shared/core/nsg/grants';
import { ANY, isIpv4, rangesOf, type Prefix } from '../../../../shared/core/prefixes';
import { isAdminRule, type RuleAt } from '../../../../shared/core/nsg/verdict';
import type { Firewall, NetworkRule, NatRule } from '../../../../shared/core/resources';
import { firewallsAround, natRulesTo, type Catalogue, type Placed } from './catalogue';
import type { MayBeOpenPort, RuleName } from '../../../../shared/view/report';

/** One path to an address, with its rules. */
export interface Ingress {
  readonly network: VmNetwork;
  /** The origin of the rules: NSGs, or the rules of a firewall that lead to a VM (DNAT), or its network rules. */
  readonly by: 'groups' | 'dnat' | 'network';
}

/** All paths to a port of an address. */
export interface Ingresses {
  readonly ingresses: readonly Ingress[];
  /** Whether the address has no NSG and a Basic public address, which allows everyone. */
  readonly isBasic: boolean;
  /**
   * Why nothing that is known here filters this address. Absent if something does, for `isBasic`, or if firewalls were
   * not read.
   */
  readonly unfiltered?: Exclude<MayBeOpenPort['reason'], 'rules'>;
  /** Whether something was not read that would decide. */
  readonly isUnread?: true;
}

/**
 * Returns the paths to a port of an address. With NSGs, the path goes through them. Without NSGs, it is a Basic public
 * address, or the classic firewalls around the address: their rules that lead to it (DNAT), and their network rules. If
 * an address has none of these, nothing filters traffic from the same network.
 *
 * @param firewalls the firewalls of the subscription; absent if they were not read
 */
export function ingressesTo(
  place: Placed,
  port: number,
  firewalls: readonly Firewall[] | undefined,
  vnets: Catalogue['vnets'],
): Ingresses {
  const { network } = place;
  if (network.groups.length > 0) {
    // Security admin rules that were not read might allow what the NSGs deny.
    const isUnread = place.vnetId !== undefined && network.adminRules === undefined;
    return { ingresses: [{ network, by: 'groups' }], isBasic: false, ...(isUnread && { isUnread }) };
  }
  if (network.publicSku === 'Basic') return { ingresses: [], isBasic: true };
  const near = firewalls && firewallsAround(place.vnetId, firewalls, vnets);
  if (!near) return { ingresses: [], isBasic: false, isUnread: true };
  const classic = near.filter(({ hasPolicy }) => !hasPolicy);
  if (classic.length === 0) {
    const unfiltered = near.length > 0 ? 'firewallPolicy' : 'noSecurityGroup';
    return { ingresses: [], isBasic: false, unfiltered };
  }
  // The source address that the VNet's security admin rules see behind a firewall is unknown, so these rules block
  // nothing there.
  const behind = withoutAdminRules(network);
  const ingresses = classic.flatMap((firewall): readonly Ingress[] => {
    const past = (rules: readonly SecurityRule[]) => ({ ...behind, groups: [asGroup(firewall, rules)] });
    const leading = natRulesTo(firewall, network.privateIpAddress.text, port).flatMap(fromNatRule);
    return [
      { network: past(leading), by: 'dnat' },
      { network: past(fromNetworkRules(firewall)), by: 'network' },
    ];
  });
  // A public address of an unknown SKU might be a Basic one, which bypasses every firewall.
  const isUnread = network.publicSku === 'unknown';
  return { ingresses, isBasic: false, ...(isUnread && { isUnread }) };
}

const asGroup = ({ id, name }: Firewall, rules: readonly SecurityRule[]): AttachedGroup => ({
  attachedTo: 'subnet',
  group: { id, name, rules },
});

const ANY_PORT = ['*'];

/** Converts a firewall rule to the rules that an NSG would have, one for each of its protocols. */
const asRules = (
  { name, priority, protocols, sources }: Pick<NatRule, 'name' | 'priority' | 'protocols' | 'sources'>,
  more: Pick<SecurityRule, 'access' | 'destinations' | 'destinationPorts'>,
): readonly SecurityRule[] =>
  protocols.map((protocol) => ({
    ...{ name, priority, direction: 'Inbound', sources, sourceGroupIds: [], sourcePorts: ANY_PORT },
    protocol: /^any$/i.test(protocol) ? '*' : protocol,
    ...{ destinationGroupIds: [], isDefault: false, ...more },
  }));

/** The traffic arrives at the VM's own port, whichever port of the firewall it was sent to. */
const fromNatRule = (rule: NatRule): readonly SecurityRule[] =>
  asRules(rule, { access: 'Allow', destinations: [ANY], destinationPorts: ANY_PORT });

const fromNetworkRules = ({ networkRules }: Firewall): readonly SecurityRule[] =>
  networkRules.flatMap((rule: NetworkRule) => asRules(rule, rule));

/**
 * Returns the network of a path without Azure's own allow rules, which every VM has, and without the rules of active
 * requests.
 */
export function withoutGrants({ network, by }: Ingress, granted: readonly Prefix[] | undefined): VmNetwork {
  const isGrant = (rule: SecurityRule): boolean => {
    // At a firewall, the service writes DNAT rules, and their names are not known.
    if (by === 'dnat') return isWithin(rule.sources, rangesOf(granted ?? []));
    if (by === 'network') return false;
    return granted ? isGrantRule(rule, granted) : isJitRuleName(rule.name);
  };
  return withoutRules(network, (rule) => rule.access === 'Allow' && (rule.isDefault || isGrant(rule)));
}

/** Returns a rule as the report names it. */
export function toRuleName(at: RuleAt, by: Ingress['by']): RuleName {
  const { name, priority } = at.rule;
  if (isAdminRule(at)) {
    const group = `${at.rule.configuration}/${at.rule.collection}`;
    return { name, priority, group, attachedTo: at.attachedTo };
  }
  return { name, priority, group: at.group.name, attachedTo: by === 'groups' ? at.attachedTo : 'firewall' };
}

const KNOWN_TAGS = ['any', 'internet', 'azureloadbalancer'];

/** Returns which part of a rule cannot be resolved. */
export function whyDoubtful(at: RuleAt, by: Ingress['by']): MayBeOpenPort['rules'][number]['why'] {
  const { sources, sourceGroupIds, senseless }: RuleFields = at.rule;
  if (senseless !== undefined || at.rule.access === 'unknown') return 'senseless';
  if (sourceGroupIds.length > 0) return isAdminRule(at) ? 'networkGroup' : 'applicationGroup';
  const tags = sources.flatMap((source) =>
    isIpv4(source) || KNOWN_TAGS.includes(source.key) ? [] : [source.key],
  );
  if (by !== 'groups' && (tags.includes('') || sources.length === 0)) return 'ipGroup';
  if (tags.includes('virtualnetwork')) return 'virtualNetwork';
  const isTag = (text: string) => text !== '' && !text.includes(':');
  return tags.some(isTag) ? 'serviceTag' : 'other';
}
