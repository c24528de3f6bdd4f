import { textsOf, type Prefix } from '../../../../shared/core/prefixes';
import type { RuleAt } from '../../../../shared/core/nsg/verdict';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import type { CodedError } from '../../../../shared/core/errors';
import { ruleText } from '../../../../shared/messages/rules';

/** What a run that configures policies says of the rules around its VMs. */

const MOST_NAMED = 5;

interface UnprotectedPart {
  readonly reason: 'noFilter' | 'firewallPolicy';
  readonly addresses: readonly string[];
  readonly all: boolean;
}

/** A VM, or some of its addresses, that a policy cannot protect, as a warning. */
export function unprotected(vm: VmId, { reason, addresses, all }: UnprotectedPart): string {
  const why =
    reason === 'noFilter'
      ? 'neither a network security group nor an Azure Firewall filters'
      : 'no network security group filters, and only Azure Firewalls that are managed by Firewall Policy, which just-in-time access cannot work with,';
  return (
    say`The policy protects nothing at ${vm.name}` +
    (all ? ', which ' : say` by the address ${listText(addresses.slice(0, MOST_NAMED))}, which `) +
    `${why}: just-in-time access has no place there to write its rules. Put a network security group on the subnet or the network interface.`
  );
}

/** `trouble`: why the first of them could not be read. */
export const filtersNotRead = (vms: readonly VmId[], { code, seen }: CodedError): string =>
  say`What filters the traffic to ${namesText(vms)} could not be read, so that nothing is said of it. ` +
  `${code}: ${seen}`;

/** The same of security admin rules, without which the others still tell much. */
export const adminRulesNotRead = (vms: readonly VmId[], { code, seen }: CodedError): string =>
  say`The security admin rules around ${namesText(vms)} could not be read. If Azure Virtual Network Manager has any, they come before the security groups, and nothing is said of what they block or always allow. ` +
  `${code}: ${seen}`;

const namesText = (vms: readonly VmId[]): string =>
  listText([
    ...vms.slice(0, MOST_NAMED).map(({ name }) => name),
    ...(vms.length > MOST_NAMED ? [`${String(vms.length - MOST_NAMED)} more`] : []),
  ]);

interface OpenedPorts {
  readonly ports: readonly number[];
  readonly sources: readonly Prefix[];
  readonly sure: boolean;
  readonly internet: 'all' | 'some' | 'none';
  readonly rules: readonly RuleAt[];
}

/** What goes with ports that are in no policy any more. */
export function denyRulesGo(vm: VmId, openings: readonly OpenedPorts[]): string {
  const ports = openings.flatMap((opening) => opening.ports);
  const closed = openings.every(({ sources }) => sources.length === 0);
  return (
    say`Azure takes the deny rules of just-in-time access for ${portsText(ports)} of ${vm.name} away.` +
    (closed ? ' The other rules allow nobody there.' : '')
  );
}

/** Who gets in at ports without these deny rules. */
export const opened = (vm: VmId, opening: OpenedPorts): string => `Without them, ${openText(vm, opening)}.`;

/** Who gets in at ports under a policy, whatever its requests are. */
export const alwaysAllowed = (vm: VmId, opening: OpenedPorts): string => {
  const text = openText(vm, opening);
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}, whatever security groups and requests say and without an end: just-in-time access protects nothing there. Ask whoever manages that configuration in Azure Virtual Network Manager.`;
};

function openText(vm: VmId, { ports, sources, sure, internet, rules }: OpenedPorts): string {
  const named = listText([
    ...textsOf(sources.slice(0, MOST_NAMED)),
    ...(sources.length > MOST_NAMED ? [`${String(sources.length - MOST_NAMED)} more ranges`] : []),
  ]);
  return (
    say`${portsText(ports)} of ${vm.name} ${sure ? (ports.length === 1 ? 'is' : 'are') : 'may be'} open to ` +
    (internet === 'all' ? 'every address of the internet' : say`${named}`) +
    (internet === 'some' ? ', addresses of the internet among them' : '') +
    `, by ${listText(rules.slice(0, MOST_NAMED).map(ruleText))}`
  );
}

const portsText = (ports: readonly number[]): string =>
  `port${ports.length === 1 ? '' : 's'} ${listText(ports.map(String))}`;
