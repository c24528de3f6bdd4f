import { parsePrefix, parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import { read, type Written } from '../../support/written';
import { evaluate } from '../../../tasks/shared/core/nsg/evaluate';
import type { Verdict } from '../../../tasks/shared/core/nsg/verdict';
import type { AttachedGroup, SecurityRule, VmNetwork, VnetSpace } from '../../../tasks/shared/core/network';

/** Where the agent comes from: a public address. */
export const AGENT = '20.50.1.7';

/** What of a rule is not as in `aRule`, with its addresses as texts. */
export type NewRule = Partial<Written<SecurityRule>>;

/** An inbound rule that allows anybody from anywhere to anything, but for what is said otherwise. */
export function aRule(given: NewRule & Pick<SecurityRule, 'priority'>): SecurityRule {
  return read<SecurityRule>({
    name: `${given.access ?? 'Allow'}-${given.priority}`,
    direction: 'Inbound',
    access: 'Allow',
    protocol: '*',
    sources: given.sourceGroupIds ? [] : ['*'],
    sourceGroupIds: [],
    sourcePorts: ['*'],
    destinations: given.destinationGroupIds ? [] : ['*'],
    destinationGroupIds: [],
    destinationPorts: ['*'],
    isDefault: false,
    ...given,
  });
}

/** The three inbound rules that Azure puts into every security group. */
export const DEFAULT_RULES: readonly SecurityRule[] = [
  aRule({
    name: 'AllowVnetInBound',
    priority: 65000,
    sources: ['VirtualNetwork'],
    destinations: ['VirtualNetwork'],
    isDefault: true,
  }),
  aRule({
    name: 'AllowAzureLoadBalancerInBound',
    priority: 65001,
    sources: ['AzureLoadBalancer'],
    isDefault: true,
  }),
  aRule({ name: 'DenyAllInBound', priority: 65500, access: 'Deny', isDefault: true }),
];

/** A group with these custom rules, and the default ones behind them. */
export function aGroup(attachedTo: 'nic' | 'subnet', ...rules: readonly SecurityRule[]): AttachedGroup {
  const name = `nsg-${attachedTo}`;
  const id = `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/${name}`;
  return { attachedTo, group: { id, name, rules: [...DEFAULT_RULES, ...rules] } };
}

/** A VM at 10.0.0.4 with a public address, in the VNet 10.0.0.0/16. */
export function aNetwork(groups: readonly AttachedGroup[], given: Partial<VmNetwork> = {}): VmNetwork {
  return {
    privateIpAddress: parsePrefix('10.0.0.4'),
    publicSku: 'Standard',
    applicationGroupIds: [],
    vnet: aVnet('10.0.0.0/16'),
    groups,
    ...given,
  };
}

/** A VNet that is known to have these addresses and no others. */
export const aVnet = (...certain: readonly string[]): VnetSpace => read<VnetSpace>({ certain, possible: [] });

/** The same network as it is known when its VNet was not read. */
export function withUnreadVnet(network: VmNetwork): VmNetwork {
  const { privateIpAddress, publicSku, applicationGroupIds, groups } = network;
  return { privateIpAddress, ...(publicSku && { publicSku }), applicationGroupIds, groups };
}

/** Whether the network allows a source by ssh: the agent, or those that are given. */
export const request = (network: VmNetwork, ...sources: readonly string[]) =>
  evaluate(network, {
    ...{ sources: parsePrefixes(sources.length > 0 ? sources : [AGENT]), port: 22, protocol: 'TCP' },
  });

/** `denies 1000 on nic: 20.50.1.7` for each blocker. */
export function toBlockers(verdict: Verdict): string[] {
  if (verdict.admits) return [];
  return verdict.blockers.map((blocker) => {
    const rule = 'rule' in blocker ? ` ${blocker.rule.priority}` : '';
    const place = 'attachedTo' in blocker ? ` on ${blocker.attachedTo}` : '';
    return `${blocker.reason}${rule}${place}: ${textsOf(blocker.sources).join(' ')}`;
  });
}
/** `100 on nic` for each rule that allows something. */
export const toPriorities = (verdict: Verdict) =>
  verdict.admittedBy.map(({ rule, attachedTo }) => `${rule.priority} on ${attachedTo}`);

export const HEX = '0123456789ABCDEF0123456789ABCDEF';

/** The deny rule of just-in-time access for the VM, as Azure names it. */
export const jitDeny = (priority: number) =>
  aRule({
    name: `MicrosoftDefenderForCloud-JITRule_-123456_${HEX}`,
    priority,
    access: 'Deny',
    destinations: ['10.0.0.4'],
    destinationPorts: ['22', '3389'],
  });
/** The allow rule of a request for the agent, as Azure names it. */
export const jitAllow = (given: NewRule = {}) =>
  aRule({
    name: `MicrosoftDefenderForCloud-JITRule--987654-${HEX}`,
    priority: 100,
    sources: [AGENT],
    destinations: ['10.0.0.4'],
    destinationPorts: ['22'],
    ...given,
  });
