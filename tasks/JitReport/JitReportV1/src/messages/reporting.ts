import type { Counts, IpVersion } from '../../../../shared/view/report';
import type { AdminRule, SecurityRule } from '../../../../shared/core/network';
import { shareText } from '../../../../shared/view/messages/open';
import { ONLY_IPV4 } from '../../../../shared/view/messages/report';
import { listText, say } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';
import { senselessAnswer } from '../../../../shared/messages/failures';
import { senselessText } from '../../../../shared/messages/rules';

/** The log messages of a report, and the mistakes in its inputs. */

/** `most`: the maximum number of ports in a list. */
export const ports = (parts: readonly string[], most: number): string =>
  say`${listText(parts.map((part) => `"${part}"`))} cannot be read. Enter ports such as 1433,5432 or 8000-8010, or names such as ssh; ${most} ports at most.`;

export const days = (text: string, most: number): string =>
  say`"${text}" is not a whole number of days from 1 to ${most}.`;

export const folderOnWindows = (parts: readonly string[]): string =>
  `Windows does not allow these folder names: ${names(parts.map(eachSafe), parts.length)}. A name must not end with a period or a space, contain any of < > : " | ? *, or be the name of a device, such as nul or com1.`;

export const noScope =
  'The service connection has no subscription. Enter a subscription, a resource group, or a VM.';

export const scope = (text: string): string =>
  say`"${text}" is not a scope. Enter a subscription ID, or the resource ID of a resource group or a VM. In the connection's subscription, a resource group name or group/name also works.`;

export const bothScopeAndQuery = 'Set either scope or vmQuery, not both.';

/** Data of Azure Resource Graph is delayed: a VM in its result might be deleted. */
export const goneFromQuery = (name: string): string =>
  say`JIT406: vmQuery selects ${name}, but Azure no longer finds this VM: the data of Azure Resource Graph is delayed. The report leaves the VM out.`;

export const moreGoneFromQuery = (count: number): string =>
  `Azure no longer finds ${amount(count, 'more VM')} that vmQuery selects.`;

export const reading = (scopes: readonly string[], period: number): string =>
  say`Reading ${scopes.length === 1 ? (scopes[0] ?? '') : amount(scopes.length, 'scope')} and the requests of the last ${amount(period, 'day')}.`;

/** `whole`: whether all lists of VMs could be read. */
export const vmsFound = (vms: number, whole: boolean): string =>
  vms === 0
    ? whole
      ? 'There are no VMs in this scope.'
      : 'No VM could be read. Reading the other data.'
    : say`Found ${vms} ${vms === 1 ? 'VM' : 'VMs'}. Reading networks, policies, assessments, and the Activity Log.` +
      (whole ? '' : ' Not all VMs could be read.');

export const cover = (counts: Counts): string =>
  say`VMs: ${counts.configured} of ${counts.vms} configured, ${counts.notConfigured} not configured (${counts.recommended} should be configured), ${counts.unsupported} unsupported` +
  (counts.unknown > 0 ? say`, ${counts.unknown} unknown.` : '.');

export const now = (counts: Counts): string =>
  say`Now: ${amount(counts.liveRequests, 'active request')}, ${amount(counts.standingPorts, 'port')} open without a request, ${amount(counts.mayBeOpen, 'port')} that may be open (cannot be determined here), ${amount(counts.openToInternet, 'port')} open to the internet.`;

export const audit = (counts: Counts, period: number): string =>
  say`Requests: ${counts.requests} in the last ${amount(period, 'day')}, ${counts.refused ?? 'an unknown number'} refused.`;

/** A port of a VM, over one version of IP or over both. */
interface OpenPort {
  readonly vmName: string;
  readonly port: number;
  readonly over: readonly { readonly ipVersion: IpVersion; readonly publicShare: number }[];
}

const isOverIpv6 = ({ over }: OpenPort): boolean => over.some(({ ipVersion }) => ipVersion === 'IPv6');

/** `web-01, port 22`, or `web-01, port 22 over IPv4 and IPv6`. */
const portText = (open: OpenPort): string =>
  say`${open.vmName}, port ${open.port}` +
  (isOverIpv6(open) ? ` over ${listText(open.over.map(({ ipVersion }) => ipVersion))}` : '');

function sharesText({ over }: OpenPort): string {
  const [share = '', ...others] = new Set(over.map((one) => shareText(one.publicShare)));
  if (others.length === 0) return share;
  return listText(over.map(({ ipVersion, publicShare }) => `${shareText(publicShare)} over ${ipVersion}`));
}

/** A management port to which the rules allow most or all of the internet. */
export const openToInternet = (open: OpenPort): string =>
  `${portText(open)}: the rules allow ${sharesText(open)} now.` + (isOverIpv6(open) ? ` ${ONLY_IPV4}` : '');

/** The same as an item of a list. */
export const portOf = (open: OpenPort): string =>
  portText(open) + (open.over.every(({ publicShare }) => publicShare === 1) ? '' : ` (${sharesText(open)})`);

export const moreOpen = (count: number): string =>
  say`The rules allow most or all of the internet to connect to ${amount(count, 'more port')}. The report lists them.`;

/** A port of a VM in a policy that might nevertheless be open. */
export const mayBeOpen = (open: OpenPort, why: string): string =>
  `${portText(open)}: may be open although the VM is in a policy. Reason: ${why}.` +
  (isOverIpv6(open) ? ` ${ONLY_IPV4}` : '');

export const moreMayBeOpen = (count: number): string =>
  say`${amount(count, 'more port')} of VMs in a policy may be open. The report lists them.`;

/** The same as an item of a list. */
export const portMayBeOpen = (open: OpenPort, why: string): string => `${portText(open)} (${why})`;

/** A VM, and what allows access to one of its management ports. */
export const vmReached = (vm: string, by: string): string => say`${vm}` + (by === '' ? '' : ` (${by})`);

/** A rule that might or might not apply, so that the report cannot determine its effect. */
export const senselessRule = (group: string, rule: SecurityRule): CodedError =>
  senselessAnswer(`A rule of the network security group ${group}`, senselessText(rule));

/** The same for a security admin rule. */
export const senselessAdminRule = (rule: AdminRule): CodedError =>
  senselessAnswer('A security admin rule of Azure Virtual Network Manager', senselessText(rule));

/** A gap in the report, as a warning. `text` is the failure's own sentence. */
export const gap = (part: keyof typeof PARTS, code: string, text: string): string =>
  say`Missing from the report: ${PARTS[part]} (${code}). ` + text;

const PARTS = {
  vms: 'VMs',
  network: 'networks and rules',
  policies: 'just-in-time policies',
  assessments: "Defender's assessments",
  activityLog: 'the Activity Log',
} as const;

export const nothingChanged =
  'A report changes nothing in Azure. No files were written unless the log says so.';

export const written = (folder: string, files: readonly string[]): string =>
  say`Wrote ${listText(files)} to ${folder}.`;

/** `overIpv6`: whether something allows access to one of them over IPv6. */
export const vmsNotConfigured = (vms: readonly string[], count: number, overIpv6: boolean): CodedError =>
  new CodedError({
    code: 'JIT421',
    seen:
      say`${amount(count, 'VM')} should have just-in-time access but ${count === 1 ? 'does' : 'do'} not: ` +
      `${names(vms.map(eachSafe), count)}.`,
    remedy: `Add ${count === 1 ? 'it' : 'them'} to a policy, for example with JitConfigurePolicy@1, or close the management ports.${overIpv6 ? ` ${ONLY_IPV4}` : ''} The report lists every VM with the reason.`,
  });

/** `versions`: the versions of IP over which the ports are open. */
export const portsOpenToInternet = (
  ports: readonly string[],
  count: number,
  versions: readonly IpVersion[],
): CodedError =>
  new CodedError({
    code: 'JIT422',
    seen: say`The rules allow most or all of the internet to connect to ${amount(count, 'port')} now: ${names(ports, count)}.`,
    remedy:
      (versions.includes('IPv4')
        ? 'Change or delete the rules that the report lists, and open the ports with just-in-time access instead.'
        : 'Delete the rules that the report lists, or limit them to IPv4 sources.') +
      (versions.includes('IPv6') ? ` ${ONLY_IPV4}` : ''),
  });

export const portsMayBeOpen = (ports: readonly string[], count: number): CodedError =>
  new CodedError({
    code: 'JIT424',
    seen:
      say`Who can connect to ${amount(count, 'port')} cannot be determined here: ` +
      `${names(ports.map(eachSafe), count)}.`,
    remedy:
      'Use addresses in the rules instead of what cannot be resolved, or associate a network security group with the NIC or the subnet. The report lists every such port with the reason.',
  });

/** `replaced`: the files that were already written. */
export const notWritten = (folder: string, reason: string, replaced: readonly string[]): CodedError =>
  new CodedError({
    code: 'JIT423',
    seen:
      say`The report could not be written to ${folder} (${reason}).` +
      (replaced.length > 0
        ? say` Only ${listText(replaced)} ${replaced.length === 1 ? 'was' : 'were'} written. Any other report file in this folder is from an earlier report.`
        : ''),
    remedy: 'Set outputFolder to a folder that the agent is allowed to write to.',
  });

/** `link`: the folder in the path that is a link. */
export const folderIsLink = (folder: string, link: string): CodedError =>
  new CodedError({
    code: 'JIT423',
    seen: say`The report was not written to ${folder}, because ${link} is a link to another folder. Links below the agent's work folder are not followed, because a repository can create them.`,
    remedy: 'Set outputFolder to a folder without a link in its path, or delete the link.',
  });

/** Makes one item of a list safe. The list as a whole can be longer than a single value. */
const eachSafe = (text: string): string => say`${text}`;

const amount = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

const names = (shown: readonly string[], count: number): string =>
  shown.length < count ? `${shown.join(', ')} and ${String(count - shown.length)} more` : listText(shown);
