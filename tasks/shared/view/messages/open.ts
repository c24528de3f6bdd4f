import { nameIn } from '../../core/resourceIds';
import type { DoubtfulRule, MayBeOpenPort } from '../report';
import { listText, say } from '../../core/text';
import { ANY_ADDRESS, moreText, ruleText } from './report';

/** The words for what is open, and for what may be. */

export const EXPOSURES = {
  unfiltered: 'an address without any filter',
  open: 'a port stands open',
  mayBeOpen: 'a port may be open',
  closed: 'nothing stands open',
  unknown: '',
} as const;

const WHY: Readonly<Record<DoubtfulRule['why'], string>> = {
  serviceTag: 'whose addresses are not known here',
  virtualNetwork: 'to which a gateway, a route table or a peering may add addresses',
  applicationGroup: 'whose members are not known here',
  networkGroup: 'whose networks are not known here',
  ipGroup: 'which names an IP group or something else that only the firewall knows',
  senseless: 'of which no sense can be made',
  other: 'of which not all can be resolved from here',
};

const MOST_NAMED = 3;

/** Each reason why a port may be open, as a sentence without its full stop. */
export function doubtLines({ reason, rules }: Pick<MayBeOpenPort, 'reason' | 'rules'>): readonly string[] {
  const own = {
    rules: [],
    noSecurityGroup: ['no security group and no firewall filters one of its addresses'],
    firewallPolicy: ['a Firewall Policy filters one of its addresses, which is not read'],
  }[reason];
  return [...own, ...rules.map(doubtfulRuleText)];
}

/** The same in one sentence, of the first few. */
export function doubtText(doubt: Pick<MayBeOpenPort, 'reason' | 'rules'>): string {
  const lines = doubtLines(doubt);
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

/** Where was looked, for a page on which nothing may be open. */
export const checkedPortsText = (ports: readonly number[], ipVersions: readonly string[]): string =>
  say`Looked at the ports ${ports.join(', ')} and those of the policies, over ${listText(ipVersions)}.`;

/** `22 from 10.0.0.0/8 by ssh (300) of nsg-web on the NIC`. */
export const reachedText = (port: string, sources: string, rules: readonly string[]): string =>
  say`${port} from ${sources}` + ` by ${listText(rules)}`;

/** The same of a way that may be open: `22, maybe, from any address: ssh (300) …`. */
export const maybeReachedText = (port: string, sources: string, reasons: readonly string[]): string =>
  say`${port}, maybe, from ${sources}` + `: ${listText(reasons)}`;

/** The rule that keeps out the sources of a request. */
export const blockedText = (rule: string): string => `by ${rule}`;

/** `22`, or `22 over IPv6`: just-in-time access has IPv4 alone. */
export const portOver = (port: number, ipVersion: string): string =>
  ipVersion === 'IPv4' ? String(port) : say`${port} over ${ipVersion}`;

/** Defender's verdict beside another one of this report. */
export const disagreementText = (status: string, cause: string, reason: string): string =>
  say`Defender says ${status}` + (cause === '' ? '' : say` (${cause})`) + say`; this report: ${reason}`;

export const DISAGREES = 'they disagree';
export const APPLICATION = 'an application';
export const CALLER_ADDRESS = "the caller's own address";

/** Who asked: the id behind a name, and how sure it is. */
export const requestorNote = (id: string | null, likely: boolean): string =>
  [...(id === null ? [] : [say`${id}`]), ...(likely ? ['likely: known by the time alone'] : [])].join(', ');

/** Sources in a sentence. */
export const sourcesText = (sources: readonly string[], more: number): string => {
  if (sources.includes('*')) return ANY_ADDRESS;
  const rest = sources.length - MOST_NAMED + more;
  return listText(
    [...sources.slice(0, MOST_NAMED), ...(rest > 0 ? [moreText(rest)] : [])].map((one) => say`${one}`),
  );
};

/** A part of all public addresses, from 0 to 1. What is not all is never called all. */
export function shareText(share: number): string {
  if (share === 1) return 'any address';
  if (share > 0.999) return 'more than 99.9 % of the public addresses';
  if (share < 0.001) return 'less than 0.1 % of the public addresses';
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} % of the public addresses`;
}
