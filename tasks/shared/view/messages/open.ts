import { nameIn } from '../../core/resourceIds';
import type { DoubtfulRule, MayBeOpenPort } from '../report';
import { listText, say } from '../../core/text';
import { ANY_ADDRESS, moreText, ruleText } from './report';

/** Texts about what is open, and what may be open. */

export const EXPOSURES = {
  unfiltered: 'an address is not filtered',
  open: 'a port is open',
  mayBeOpen: 'a port may be open',
  closed: 'no port is open without a request',
  unknown: 'open ports are unknown',
} as const;

const WHY: Readonly<Record<DoubtfulRule['why'], string>> = {
  serviceTag: 'whose addresses cannot be determined here',
  virtualNetwork: 'to which a gateway, a route table, or a peering might add addresses',
  applicationGroup: 'whose members cannot be determined here',
  networkGroup: 'whose networks cannot be determined here',
  ipGroup: 'which uses an IP group or another object that only the firewall can resolve',
  senseless: 'which has unexpected content',
  other: 'which cannot be fully resolved here',
};

const MOST_NAMED = 3;

/** Returns each reason why a port may be open, as a sentence without its final period. */
export function doubtLines({ reason, rules }: Pick<MayBeOpenPort, 'reason' | 'rules'>): readonly string[] {
  const own = {
    rules: [],
    noSecurityGroup: ['no network security group and no firewall filters one of its addresses'],
    firewallPolicy: ['a Firewall Policy, which the report does not read, filters one of its addresses'],
  }[reason];
  return [...own, ...rules.map(doubtfulRuleText)];
}

/** Returns the first few of them in one sentence. */
export function doubtText(doubts: readonly Pick<MayBeOpenPort, 'reason' | 'rules'>[]): string {
  const lines = [...new Set(doubts.flatMap(doubtLines))];
  const more = lines.length - MOST_NAMED;
  return listText([...lines.slice(0, MOST_NAMED), ...(more > 0 ? [moreText(more)] : [])]);
}

function doubtfulRuleText({ name, priority, group, attachedTo, why, from }: DoubtfulRule): string {
  const names = from.map(nameIn).filter((one) => one !== '');
  const more = names.length - MOST_NAMED;
  const shown = [...names.slice(0, MOST_NAMED), ...(more > 0 ? [moreText(more)] : [])];
  const sources = shown.length === 0 ? '' : say` from ${listText(shown)}`;
  return `${ruleText(name, priority, group, attachedTo)}${sources}, ${WHY[why]}`;
}

/** Describes what was checked, for a page on which no port may be open. */
export const checkedPortsText = (ports: readonly number[], ipVersions: readonly string[]): string =>
  say`Checked ports: ${ports.join(', ')}, and those in the policies, over ${listText(ipVersions)}.`;

/** Formats `22 from 10.0.0.0/8, allowed by ssh (300) of nsg-web on the NIC`. */
export const reachedText = (port: string, sources: string, rules: readonly string[]): string =>
  say`${port} from ${sources}` + `, allowed by ${listText(rules)}`;

/** Formats the same for a port that may be open: `22, possibly from any address: ssh (300) …`. */
export const maybeReachedText = (port: string, sources: string, reasons: readonly string[]): string =>
  say`${port}, possibly from ${sources}` + `: ${listText(reasons)}`;

/** Names the rule that blocks the sources of a request. */
export const blockedText = (rule: string): string => `by ${rule}`;

/** Formats `22`, or `22 over IPv6`. Just-in-time access supports IPv4 only. */
export const portOver = (port: number, ipVersion: string): string =>
  ipVersion === 'IPv4' ? String(port) : say`${port} over ${ipVersion}`;

/** Describes Defender's assessment if this report finds something else. */
export const disagreementText = (status: string, cause: string, reason: string): string =>
  say`Defender reports ${status}` +
  (cause === '' ? '' : say` (${cause})`) +
  say`. This report finds: ${reason}`;

export const DISAGREES = 'Conflict';
export const APPLICATION = 'Application';
export const CALLER_ADDRESS = "the caller's address";

/** Describes a requestor: the ID behind a name, and where the name comes from if it is not from Azure. */
export const requestorNote = (id: string | null, likely: boolean, claimed = false): string =>
  [
    ...(id === null ? [] : [say`${id}`]),
    ...(claimed ? ['name from the justification, not verified'] : []),
    ...(likely ? ['likely: matched by time only'] : []),
  ].join(', ');

/** Lists sources in a sentence. */
export const sourcesText = (sources: readonly string[], more: number): string => {
  if (sources.includes('*')) return ANY_ADDRESS;
  const rest = sources.length - MOST_NAMED + more;
  return listText(
    [...sources.slice(0, MOST_NAMED), ...(rest > 0 ? [moreText(rest)] : [])].map((one) => say`${one}`),
  );
};

/** Describes a share of all public addresses, from 0 to 1. A share below 1 is never described as all. */
export function shareText(share: number): string {
  if (share === 1) return 'any address';
  if (share > 0.999) return 'more than 99.9% of public addresses';
  if (share < 0.001) return 'less than 0.1% of public addresses';
  return `${(Math.floor(share * 1000) / 10).toFixed(1)}% of public addresses`;
}
