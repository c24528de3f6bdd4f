import type { InvisibleFound } from '../core/invisible';
import type { OtherMachine } from '../core/resourceIds';
import { listText, say } from '../core/text';
import type { FilterProblem } from '../core/vmQuery';
import type { WrongSource } from '../core/sources';

/** Messages about what is wrong with an input, as full sentences. */

export const unresolved = (variable: string): string =>
  say`The variable ${variable} has no value in this step: check its name, and set it before this step.`;

export const invisible = ({ part, codes }: InvisibleFound): string =>
  say`"${part}" contains ${codes.length === 1 ? 'an invisible character' : 'invisible characters'}, ${listText(codes)}: delete ${codes.length === 1 ? 'it' : 'them'}, or type the text again.`;

export const noConnection =
  'The input is empty: enter the name of a service connection of type Azure Resource Manager.';

export const noVmNorQuery =
  'The input is empty: enter at least one VM, as its resource ID or as group/name, or enter a filter in vmQuery.';

export const bothVmsAndQuery = 'Set either vmResourceId or vmQuery, not both.';

const FILTER_PROBLEMS: Readonly<Record<FilterProblem['kind'], string>> = {
  operator: 'a filter is one condition without further operators',
  comment: 'a filter cannot contain comments',
  word: 'a filter is one condition for VMs, and cannot refer to another query or table',
  bracket: 'this bracket has no opening bracket',
  openBracket: 'this bracket has no closing bracket',
  openText: 'this string does not end on its line',
  multiLineText: 'a filter cannot contain strings of several lines',
  quote: 'a string cannot contain its own quotation mark: use the other kind, single or double',
};

export const vmFilter = ({ kind, part }: FilterProblem): string =>
  say`The filter cannot be used because of ${part}: ${FILTER_PROBLEMS[kind]}. Example: tags.env == 'test' and resourceGroup startswith 'web-'.`;

export const subscriptionId = (text: string): string =>
  say`"${text}" is not a subscription ID, such as 00000000-0000-0000-0000-000000000000.`;

export const onlyWithQuery = 'The input applies only together with vmQuery.';

export const maxVms = (text: string, most: number): string =>
  say`"${text}" is not a number from 1 to ${most}.`;

export const vm = (text: string): string =>
  say`"${text}" is neither the resource ID of a VM (/subscriptions/.../virtualMachines/NAME) nor group/name.`;

/** Returns the message about an ID of something that just-in-time access does not support. */
export function otherMachine(text: string, kind: OtherMachine): string {
  const what = {
    classic: 'a classic VM',
    scaleSet: 'a virtual machine scale set or one of its VMs',
    arc: 'an Azure Arc machine',
  };
  return say`"${text}" is ${what[kind]}, which just-in-time access does not support. It supports only Azure Resource Manager VMs (Microsoft.Compute/virtualMachines).`;
}

export const vmWithoutSubscription = (text: string): string =>
  say`"${text}" must be a full resource ID, because the service connection has no subscription.`;

export const ports = (parts: readonly string[]): string =>
  say`${listText(parts.map((part) => `"${part}"`))} cannot be read: enter ports such as 22,3389 or 5985-5986 (64 at most), the names ssh, rdp, winrm, or winrm-https, or only the word all.`;

export const duration = (text: string): string =>
  say`"${text}" cannot be read: enter a duration such as 90m, 1h30m, or PT1H30M, a number of minutes, or max.`;

export const durationRange = (text: string): string =>
  say`"${text}" is out of range: enter 1 minute to 24 hours.`;

export const waitTimeout = (text: string): string =>
  say`"${text}" cannot be read: enter a duration such as 45s, 5m, 1m30s, or PT5M, or a number of minutes.`;

export const waitTimeoutRange = (text: string): string =>
  say`"${text}" is out of range: enter 1 second to 1 hour.`;

export const choice = (text: string, choices: readonly string[]): string =>
  say`"${text}" is not one of ${listText(choices, 'or')}.`;

export const policyName = (text: string): string => say`"${text}" cannot be the name of a policy.`;

export const echoUrl = (text: string): string =>
  say`"${text}" is not an HTTPS URL without credentials, such as https://ip.example.com/.`;

export const probeHost = (text: string): string =>
  say`"${text}" is not a host name or an IPv4 address. Enter it without a port: the task uses the port that it opens.`;

export function source({ text, problem, network }: WrongSource): string {
  switch (problem) {
    case 'hostBits':
      return say`"${text}" has host bits that the prefix length excludes: enter ${network ?? ''} for the network, or the address without a prefix length.`;
    case 'everything':
      return say`"${text}" covers every address: to allow any address, enter only '*' (YAML requires the quotes).`;
    case 'ipv6':
      return say`"${text}" is an IPv6 address, which just-in-time access does not support.`;
    case 'tag':
      return say`"${text}" is not an address: just-in-time access supports only IPv4 addresses and networks, not names or service tags.`;
    case 'mixed':
      return say`"${text}" cannot be combined with other sources.`;
    case 'notIpv4':
      return say`"${text}" is not an IPv4 address or network such as 198.51.100.7 or 198.51.100.0/24. Enter one, or agent, azure, policy, or *.`;
  }
}
