import type { InvisibleFound } from '../core/invisible';
import type { OtherMachine } from '../core/resourceIds';
import { listText, say } from '../core/text';
import type { FilterProblem } from '../core/vmQuery';
import type { WrongSource } from '../core/sources';

/** What is wrong with an input, as full sentences. */

export const unresolved = (variable: string): string =>
  say`The variable ${variable} has no value here: check its name, and that it is set before this step.`;

export const invisible = ({ part, codes }: InvisibleFound): string =>
  say`"${part}" has ${codes.length === 1 ? 'an invisible character' : 'invisible characters'}, ${listText(codes)}: delete ${codes.length === 1 ? 'it' : 'them'}, or type the text anew.`;

export const noConnection = 'It is empty: name a service connection of type Azure Resource Manager.';

export const noVm = 'It is empty: name at least one VM, by its resource id or as group/name.';

export const noVmNorQuery =
  'It is empty: name at least one VM, by its resource id or as group/name, or give a filter in vmQuery.';

export const bothVmsAndQuery = 'Give either vmResourceId or vmQuery, not both.';

const FILTER_PROBLEMS: Readonly<Record<FilterProblem['kind'], string>> = {
  operator: 'a filter is one condition, without further operators',
  comment: 'comments are not possible in a filter',
  word: 'a filter is one condition about VMs, and names no other query or table',
  bracket: 'this bracket closes none that is open',
  openBracket: 'this bracket is not closed',
  openText: 'this text is not closed on its line',
  multiLineText: 'texts of several lines are not possible in a filter',
  quote: 'write texts without their own quotation mark: use the other kind, single or double',
};

export const vmFilter = ({ kind, part }: FilterProblem): string =>
  say`It cannot be used because of ${part}: ${FILTER_PROBLEMS[kind]}. Example: tags.env == 'test' and resourceGroup startswith 'web-'.`;

export const subscriptionId = (text: string): string =>
  say`"${text}" is not the id of a subscription, such as 00000000-0000-0000-0000-000000000000.`;

export const onlyWithQuery = 'It has a meaning only together with vmQuery.';

export const maxVms = (text: string, most: number): string => say`"${text}" is no number from 1 to ${most}.`;

export const vm = (text: string): string =>
  say`"${text}" is neither the resource id of a VM (/subscriptions/.../virtualMachines/NAME) nor group/name.`;

/** What an id names, and what just-in-time access cannot do for it. */
export function otherMachine(text: string, kind: OtherMachine): string {
  const what = {
    classic: 'a classic VM',
    scaleSet: 'a virtual machine scale set or a VM of one',
    arc: 'a machine of Azure Arc',
  };
  return say`"${text}" is ${what[kind]}, which just-in-time access does not support: it knows VMs of Azure Resource Manager only (Microsoft.Compute/virtualMachines).`;
}

export const vmWithoutSubscription = (text: string): string =>
  say`"${text}" needs the full resource id, because the service connection has no subscription of its own.`;

export const ports = (parts: readonly string[]): string =>
  say`${listText(parts.map((part) => `"${part}"`))} cannot be read: write ports such as 22,3389 or 5985-5986 (64 at most), ssh, rdp, winrm, winrm-https, or all alone.`;

export const duration = (text: string): string =>
  say`"${text}" cannot be read: write 90m, 1h30m, PT1H30M, a number of minutes, or max.`;

export const durationRange = (text: string): string =>
  say`"${text}" is out of range: 1 minute to 24 hours are possible.`;

export const waitTimeout = (text: string): string =>
  say`"${text}" cannot be read: write 45s, 5m, 1m30s, PT5M, or a number of minutes.`;

export const waitTimeoutRange = (text: string): string =>
  say`"${text}" is out of range: 1 second to 1 hour are possible.`;

export const choice = (text: string, choices: readonly string[]): string =>
  say`"${text}" is not one of ${listText(choices, 'or')}.`;

export const policyName = (text: string): string => say`"${text}" cannot be the name of a policy.`;

export const echoUrl = (text: string): string =>
  say`"${text}" is not an https address without credentials, such as https://ip.example.com/.`;

export const probeHost = (text: string): string =>
  say`"${text}" is not a host name or an IPv4 address (the port is the opened one).`;

export function source({ text, problem, network }: WrongSource): string {
  switch (problem) {
    case 'hostBits':
      return say`"${text}" is an address with the length of a network: write ${network ?? ''} for the whole network, or the address alone.`;
    case 'everything':
      return say`"${text}" is every address there is: if that is meant, write '*' alone (YAML needs the quotes).`;
    case 'ipv6':
      return say`"${text}" is IPv6, which just-in-time access does not have.`;
    case 'tag':
      return say`"${text}" is no address: just-in-time access knows IPv4 addresses and networks only, no names and no service tags.`;
    case 'mixed':
      return say`"${text}" must stand alone.`;
    case 'notIpv4':
      return say`"${text}" is not an IPv4 address or network, such as 198.51.100.7 or 198.51.100.0/24; or write agent, azure, policy or *.`;
  }
}
