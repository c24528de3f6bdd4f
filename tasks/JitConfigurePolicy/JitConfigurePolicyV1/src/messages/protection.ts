import { textsOf, type Prefix } from '../../../../shared/core/prefixes';
import type { RuleAt } from '../../../../shared/core/nsg/verdict';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import type { CodedError } from '../../../../shared/core/errors';
import { portName, type RulePort } from '../plan/portRules';
import { ruleText } from '../../../../shared/messages/rules';

/** The messages of a run that configures policies, about the rules that apply to its VMs. */

const MOST_NAMED = 5;

interface UnprotectedPart {
  readonly reason: 'noFilter' | 'firewallPolicy';
  readonly addresses: readonly string[];
  readonly all: boolean;
}

/** A warning about a VM, or some of its addresses, that a policy cannot protect. */
export function unprotected(vm: VmId, { reason, addresses, all }: UnprotectedPart): string {
  const count = addresses.length;
  const traffic = all ? 'its traffic' : `the traffic to ${count === 1 ? 'this address' : 'these addresses'}`;
  const named = [
    ...addresses.slice(0, MOST_NAMED),
    ...(count > MOST_NAMED ? [`${String(count - MOST_NAMED)} more`] : []),
  ];
  const why =
    reason === 'noFilter'
      ? `Neither a network security group nor an Azure Firewall filters ${traffic}`
      : `No network security group filters ${traffic}, only an Azure Firewall that Firewall Policy manages, which just-in-time access does not support`;
  return (
    say`The policy does not protect ${vm.name}` +
    (all ? '. ' : say` at the ${count === 1 ? 'address' : 'addresses'} ${listText(named)}. `) +
    `${why}, so just-in-time access cannot write rules. Associate a network security group with the subnet or the network interface.`
  );
}

export const moreUnprotected = (count: number): string =>
  `${count === 1 ? 'One more VM is' : `${String(count)} more VMs are`} not protected by the policy.`;

/** `trouble`: why the first of them could not be read. */
export const filtersNotRead = (vms: readonly VmId[], { code, seen }: CodedError): string =>
  say`The filters for traffic to ${namesText(vms)} could not be read, so the task cannot report on them. ` +
  `${code}: ${seen}`;

/** The same for security admin rules. */
export const adminRulesNotRead = (vms: readonly VmId[], { code, seen }: CodedError): string =>
  say`The security admin rules around ${namesText(vms)} could not be read. Such rules of Azure Virtual Network Manager apply before the network security groups. The task cannot report what they block or always allow. ` +
  `${code}: ${seen}`;

const namesText = (vms: readonly VmId[]): string =>
  listText([
    ...vms.slice(0, MOST_NAMED).map(({ name }) => name),
    ...(vms.length > MOST_NAMED ? [`${String(vms.length - MOST_NAMED)} more`] : []),
  ]);

interface OpenedPorts {
  readonly ports: readonly RulePort[];
  readonly sources: readonly Prefix[];
  readonly sure: boolean;
  readonly internet: 'all' | 'some' | 'none';
  readonly rules: readonly RuleAt[];
}

/** The deny rules of ports that are no longer in a policy. */
export function denyRulesGo(vm: VmId, openings: readonly OpenedPorts[]): string {
  const ports = openings.flatMap((opening) => opening.ports);
  const closed = openings.every(({ sources }) => sources.length === 0);
  return (
    say`Azure removes the deny rules of just-in-time access for ${portsOf(vm, ports)}.` +
    (closed ? ' The other rules allow no source over IPv4.' : '')
  );
}

export const denyRulesGoMany = (count: number): string =>
  `Azure removes deny rules of just-in-time access for ports of ${String(count)} VMs`;

/** The same for a VM of which some data could not be read. */
export const denyRulesGoUnread = (vm: VmId, ports: readonly RulePort[]): string =>
  say`Azure removes the deny rules of just-in-time access for ${portsOf(vm, ports)}. The task cannot report what this opens.`;

/** The sources that can connect to ports without these deny rules. */
export const opened = (vm: VmId, opening: OpenedPorts): string =>
  `Without them, ${openText(portsOf(vm, opening.ports), opening)}.`;

/** The sources that could connect over IPv6 before, and still can. */
export function openOverIpv6(vm: VmId, opening: OpenedPorts): string {
  const [rules, them] = opening.rules.length === 1 ? ['rule', 'it'] : ['rules', 'them'];
  return `Over IPv6, ${openText(portsOf(vm, opening.ports), opening, ' IPv6')}. The removal does not change this: just-in-time access supports only IPv4. Remove the ${rules}, or limit ${them} to IPv4 sources.`;
}

/** The sources that can connect to ports under a policy, regardless of its requests. */
export const alwaysAllowed = (vm: VmId, opening: OpenedPorts): string =>
  `${openText(say`${vm.name}, ${portsText(opening.ports)},`, opening)}. Network security groups and requests do not change this, and it has no end: just-in-time access does not protect ${opening.ports.length === 1 ? 'this port' : 'these ports'}. Ask the owner of that configuration in Azure Virtual Network Manager to change it.`;

export const moreOpenings = (count: number): string =>
  `${count === 1 ? 'One more warning about open ports is' : `${String(count)} more warnings about open ports are`} in the log.`;

/** `version`: the version of IP of the addresses, if it is to be named. */
function openText(
  where: string,
  { ports, sources, sure, internet, rules }: OpenedPorts,
  version: '' | ' IPv6' = '',
): string {
  const named = listText([
    ...textsOf(sources.slice(0, MOST_NAMED)),
    ...(sources.length > MOST_NAMED ? [`${String(sources.length - MOST_NAMED)} more ranges`] : []),
  ]);
  return (
    `${where} ${sure ? (ports.length === 1 ? 'is' : 'are') : 'might be'} open to ` +
    (internet === 'all' ? `any${version} address on the internet` : say`${named}`) +
    (internet === 'some' ? ', including addresses on the internet' : '') +
    `, because of ${listText(rules.slice(0, MOST_NAMED).map(ruleText))}`
  );
}

/** `ports 22/tcp and 3389 of web-01`. */
const portsOf = ({ name }: VmId, ports: readonly RulePort[]): string => say`${portsText(ports)} of ${name}`;

const portsText = (ports: readonly RulePort[]): string =>
  `port${ports.length === 1 ? '' : 's'} ${listText(ports.map(portName))}`;
