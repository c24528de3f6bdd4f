import { parsePrefix, parsePrefixes, textsOf } from '../../../tasks/shared/core/prefixes';
import { read, type Written } from '../../support/written';
import { evaluate } from '../../../tasks/shared/core/nsg/evaluate';
import type { Verdict } from '../../../tasks/shared/core/nsg/verdict';
import type { AttachedGroup, SecurityRule, VmNetwork, VnetSpace } from '../../../tasks/shared/core/network';

/** The public address of the agent. */
export const AGENT = '20.50.1.7';

/** Properties of a rule that differ from `aRule`, with addresses as text. */
export type NewRule = Partial<Written<SecurityRule>>;

/** Returns an inbound rule that allows all traffic from any source, except for the given properties. */
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

/** The three inbound rules that Azure adds to every security group. */
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

/** Returns a group with these custom rules, followed by the default rules. */
export function aGroup(attachedTo: 'nic' | 'subnet', ...rules: readonly SecurityRule[]): AttachedGroup {
  const name = `nsg-${attachedTo}`;
  const id = `/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/${name}`;
  return { attachedTo, group: { id, name, rules: [...DEFAULT_RULES, ...rules] } };
}

/** Returns a VM at 10.0.0.4 with a public address, in the VNet 10.0.0.0/16. */
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

/** Returns a VNet that certainly has these addresses and no others. */
export const aVnet = (...certain: readonly string[]): VnetSpace => read<VnetSpace>({ certain, possible: [] });

/** Returns the same network without the data of its VNet, as if the VNet was not read. */
export function withUnreadVnet(network: VmNetwork): VmNetwork {
  const { privateIpAddress, publicSku, applicationGroupIds, groups } = network;
  return { privateIpAddress, ...(publicSku && { publicSku }), applicationGroupIds, groups };
}

/** Evaluates SSH to the network from the given sources, by default the agent. */
export const request = (network: VmNetwork, ...sources: readonly string[]) =>
  evaluate(network, {
    ...{ sources: parsePrefixes(sources.length > 0 ? sources : [AGENT]), port: 22, protocol: 'TCP' },
  });

/** Formats each blocker, for example `denies 1000 on nic: 20.50.1.7`. */
export function toBlockers(verdict: Verdict): string[] {
  if (verdict.admits) return [];
  return verdict.blockers.map((blocker) => {
    const rule = 'rule' in blocker ? ` ${blocker.rule.priority}` : '';
    const place = 'attachedTo' in blocker ? ` on ${blocker.attachedTo}` : '';
    return `${blocker.reason}${rule}${place}: ${textsOf(blocker.sources).join(' ')}`;
  });
}
/** Formats each rule that allows traffic, for example `100 on nic`. */
export const toPriorities = (verdict: Verdict) =>
  verdict.admittedBy.map(({ rule, attachedTo }) => `${rule.priority} on ${attachedTo}`);

export const HEX = '0123456789ABCDEF0123456789ABCDEF';

/** The deny rule of just-in-time access for the VM, with Azure's name. */
export const jitDeny = (priority: number) =>
  aRule({
    name: `MicrosoftDefenderForCloud-JITRule_-123456_${HEX}`,
    priority,
    access: 'Deny',
    destinations: ['10.0.0.4'],
    destinationPorts: ['22', '3389'],
  });
/** The allow rule of a request for the agent, with Azure's name. */
export const jitAllow = (given: NewRule = {}) =>
  aRule({
    name: `MicrosoftDefenderForCloud-JITRule--987654-${HEX}`,
    priority: 100,
    sources: [AGENT],
    destinations: ['10.0.0.4'],
    destinationPorts: ['22'],
    ...given,
  });
