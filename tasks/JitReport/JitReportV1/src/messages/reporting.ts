import type { Counts } from '../../../../shared/view/report';
import type { AdminRule, SecurityRule } from '../../../../shared/core/network';
import { shareText } from '../../../../shared/view/messages/open';
import { listText, say } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';
import { senselessAnswer } from '../../../../shared/messages/failures';
import { senselessText } from '../../../../shared/messages/rules';

/** What the log of a report says, and what is wrong with its inputs. */

/** `most`: ports in one list. */
export const ports = (parts: readonly string[], most: number): string =>
  say`${listText(parts.map((part) => `"${part}"`))} cannot be read: write ports such as 1433,5432 or 8000-8010, ${most} at most, or a name such as ssh.`;

export const days = (text: string, most: number): string =>
  say`"${text}" is no whole number of days from 1 to ${most}.`;

export const folderOnWindows = (parts: readonly string[]): string =>
  `Windows has no folders of these names: ${names(parts.map(eachSafe), parts.length)}. A name must not end with a dot or a space, hold any of < > : " | ? *, or be that of a device, such as nul or com1.`;

export const noScope =
  'the connection has no subscription of its own: name a subscription, a resource group or a VM.';

export const scope = (text: string): string =>
  say`"${text}" is no scope: write a subscription's id, a resource group or a VM as resource id, or, in the connection's subscription, a group's name or group/name.`;

export const bothScopeAndQuery = 'Give either scope or vmQuery, not both.';

/** A query lags behind: what it names may be gone. */
export const goneFromQuery = (name: string): string =>
  say`JIT406: Azure does not know the VM ${name} any more, which vmQuery selects: Azure Resource Graph lags behind. Left out.`;

export const moreGoneFromQuery = (count: number): string =>
  `${String(count)} more VMs that vmQuery selects are gone.`;

export const reading = (scopes: readonly string[], period: number): string =>
  say`Reading ${scopes.length === 1 ? (scopes[0] ?? '') : amount(scopes.length, 'scope')}, and the requests of the last ${amount(period, 'day')}.`;

/** `whole`: all lists of VMs could be read. */
export const vmsFound = (vms: number, whole: boolean): string =>
  vms === 0
    ? whole
      ? 'There is no VM in this scope.'
      : 'No VM could be read. Reading what else there is.'
    : say`Found ${vms} ${vms === 1 ? 'VM' : 'VMs'}. Reading networks, policies, assessments and the Activity Log.` +
      (whole ? '' : ' Not all VMs could be read.');

export const cover = (counts: Counts): string =>
  say`Cover: ${counts.configured} of ${counts.vms} VMs configured, ${counts.notConfigured} not configured (${counts.recommended} of them should be), ${counts.unsupported} unsupported` +
  (counts.unknown > 0 ? say`, ${counts.unknown} unknown.` : '.');

export const now = (counts: Counts): string =>
  say`Now: ${amount(counts.liveRequests, 'active request')}, ${amount(counts.standingPorts, 'port')} open without a request, ${amount(counts.mayBeOpen, 'port')} of which it cannot be told, ${amount(counts.openToInternet, 'port')} open to the internet.`;

export const audit = (counts: Counts, period: number): string =>
  say`Audit: ${amount(counts.requests, 'request')} in ${amount(period, 'day')}, ${counts.refused ?? 'an unknown number'} of them refused.`;

/** A management port that the rules let most of the internet reach, or all of it. */
export const openToInternet = (vm: string, port: number, share: number): string =>
  say`${vm}, port ${port}: the rules allow ${shareText(share)} now.`;

/** The same in a list. */
export const portOf = (vm: string, port: number, share: number): string =>
  say`${vm}, port ${port}` + (share === 1 ? '' : ` (${shareText(share)})`);

export const moreOpen = (count: number): string =>
  say`The rules let most of the internet or all of it reach ${amount(count, 'more port')}, which the report names.`;

/** A port of a VM under a policy that may be open all the same. */
export const mayBeOpen = (vm: string, port: number, why: string): string =>
  say`${vm}, port ${port} may be open although a policy lists the VM: ` + `${why}.`;

export const moreMayBeOpen = (count: number): string =>
  say`${amount(count, 'more port')} of VMs under a policy may be open, which the report names.`;

/** The same in a list. */
export const portMayBeOpen = (vm: string, port: number, why: string): string =>
  say`${vm}, port ${port}` + ` (${why})`;

/** A VM, and by what one of its management ports is reached. */
export const vmReached = (vm: string, by: string): string => say`${vm}` + (by === '' ? '' : ` (${by})`);

/** A rule that may or may not apply, so that the report cannot tell what it does. */
export const senselessRule = (group: string, rule: SecurityRule): CodedError =>
  senselessAnswer(`A rule of the network security group ${group}`, senselessText(rule));

/** The same of a security admin rule. */
export const senselessAdminRule = (rule: AdminRule): CodedError =>
  senselessAnswer('A security admin rule of Azure Virtual Network Manager', senselessText(rule));

/** A gap in the report, as a warning. `text` is a failure's own sentence. */
export const gap = (part: keyof typeof PARTS, code: string, text: string): string =>
  say`The report lacks ${PARTS[part]} (${code}). ` + text;

const PARTS = {
  vms: 'VMs',
  network: 'networks and rules',
  policies: 'just-in-time policies',
  assessments: "Defender's assessments",
  activityLog: 'the Activity Log',
} as const;

export const nothingChanged =
  'A report changes nothing in Azure. No file was written unless the log says so.';

export const written = (folder: string, files: readonly string[]): string =>
  say`Wrote ${listText(files)} to ${folder}.`;

export const vmsNotConfigured = (vms: readonly string[], count: number): CodedError =>
  new CodedError({
    code: 'JIT421',
    seen:
      say`${amount(count, 'VM')} should have just-in-time access and ${count === 1 ? 'has' : 'have'} none: ` +
      `${names(vms.map(eachSafe), count)}.`,
    remedy: `Put ${count === 1 ? 'it' : 'them'} under a policy, with JitConfigurePolicy@1 for example, or close the management ports; the report has every VM with the reason.`,
  });

export const portsOpenToInternet = (ports: readonly string[], count: number): CodedError =>
  new CodedError({
    code: 'JIT422',
    seen: say`The rules let most of the internet or all of it reach ${amount(count, 'port')} now: ${names(ports, count)}.`,
    remedy: 'Change or delete the rules that the report names, and open the ports by just-in-time access.',
  });

export const portsMayBeOpen = (ports: readonly string[], count: number): CodedError =>
  new CodedError({
    code: 'JIT424',
    seen:
      say`Of ${amount(count, 'port')} it cannot be told from here who gets in: ` +
      `${names(ports.map(eachSafe), count)}.`,
    remedy:
      'Write addresses in the place of what cannot be resolved, or put a security group before the address; the report has every such port with the reason.',
  });

export const notWritten = (folder: string, reason: string): CodedError =>
  new CodedError({
    code: 'JIT423',
    seen: say`The report could not be written to ${folder} (${reason}).`,
    remedy: 'Set outputFolder to a folder that the agent may write to.',
  });

/** `link`: the folder on the way that is a link. */
export const folderIsLink = (folder: string, link: string): CodedError =>
  new CodedError({
    code: 'JIT423',
    seen: say`The report was not written to ${folder}, because ${link} is a link to another folder, below the agent's work folder, where a repository can bring links.`,
    remedy: 'Set outputFolder to a folder that no link leads to, or delete the link.',
  });

/** One of a list, which may be longer as a whole than a single value. */
const eachSafe = (text: string): string => say`${text}`;

const amount = (count: number, noun: string): string => `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

const names = (shown: readonly string[], count: number): string =>
  shown.length < count ? `${shown.join(', ')} and ${String(count - shown.length)} more` : listText(shown);
