import { textsOf, type Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import { formatDuration } from '../../../../shared/core/durations';
import type { Blocker } from '../../../../shared/core/nsg/verdict';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';
import type { SignIn } from '../../../../shared/core/signIn';
import { hasAdminRule } from '../plan/explain';
import { blockersText, CHANGE_ADMIN_RULE, type SourcePort } from './waiting';
import { sourceText, portText } from '../../../../shared/messages/ports';

const KINDS: Readonly<Record<SignIn['kind'], string>> = {
  secret: 'a service principal with a key',
  certificate: 'a service principal with a certificate',
  federated: 'a service principal with workload identity federation',
  managed: 'a managed identity of this agent',
};

const identityText = ({ kind, clientId, tenantId }: SignIn): string =>
  KINDS[kind] +
  (clientId === undefined ? '' : say`, client ${clientId}`) +
  (tenantId === undefined ? '' : say`, in the tenant ${tenantId}`);

export const signedIn = (signIn: SignIn): string => `Signed in as ${identityText(signIn)}.`;

export const notSignedIn = (signIn: SignIn): string =>
  `Whether ${identityText(signIn)} can sign in is not known: Azure did not answer.`;

export const stoppedBy = (failure: CodedError): string => `Not reached: ${failure.code} comes before it.`;

export const policyOf = ({ name }: VmId, policy: Policy): string =>
  say`${name} is in the policy ${policy.name}, in ${policy.location}.`;

export const portsOf = ({ name }: VmId, ports: readonly number[]): string =>
  say`${name}: ${listText(ports.map(String))}.`;

export const durationOf = ({ name }: VmId, wanted: number | 'max', rules: readonly PortRule[]): string => {
  const most = Math.min(...rules.map(({ maxDurationMs }) => maxDurationMs));
  const requested = wanted === 'max' ? 'the most that the policy allows' : formatDuration(wanted);
  const orMore = rules.length > 1 ? ' or more' : '';
  return say`${name}: ${requested}; the policy allows ${formatDuration(most)}` + `${orMore}.`;
};

/** Where the wanted source comes from, and that the policies allow it. */
export const sourceFound = (
  wanted: 'agent' | 'azure' | 'policy' | 'given',
  sources: readonly Prefix[],
): string => {
  switch (wanted) {
    case 'agent':
      return say`${listText(textsOf(sources))}, this agent's public address, by the answers of address services.`;
    case 'azure':
      return 'The address that Azure sees the request come from; which one that is, and whether the policy allows it, shows only then.';
    case 'policy':
      return 'Whatever the policy allows for each port.';
    case 'given':
      return `Given in sourceIp: ${sourceText(sources)}.`;
  }
};

export const placeOf = (
  { name }: VmId,
  privateIpAddress: string | undefined,
  publicIpAddress: string | undefined,
): string =>
  say`${name}: ${privateIpAddress ?? 'private address not known'}, ${publicIpAddress ?? 'no public address known'}.`;

export const requestOf = (policyName: string, ports: number): string =>
  say`One request under the policy ${policyName}, for ${ports === 1 ? 'one port' : `${String(ports)} ports`}.`;

export const nothingToRequest = 'Nothing would be asked: active requests already allow the source.';

export const closedNow = (sourcePort: SourcePort, blockers: readonly Blocker[]): string =>
  `${portText(sourcePort)} is shut ${sourceText(sourcePort.wantedSources)} now, by ${blockersText(blockers)}; the rule of just-in-time access is to come before that.`;

export const besideGrant = (sourcePort: SourcePort, blockers: readonly Blocker[]): string =>
  `${portText(sourcePort)} is shut ${sourceText(sourcePort.wantedSources)} now, and not only by just-in-time access: also by ${blockersText(blockers)}, which stays in the way when it comes before the rule of the request, usually of priority 100 to 140.`;

/** That Azure's own verdict, in the real run, decides whether a request opens the way. */
export const leftToAzure = (sourcePort: SourcePort, blockers: readonly Blocker[]): string =>
  `${portText(sourcePort)} is shut ${sourceText(sourcePort.wantedSources)} now, and no rule can come before ${blockersText(blockers)}. Whether that applies is not known here: the real run asks Azure for its own verdict, by IP flow verify of Network Watcher, and fails where that denies it.`;

/** That a request would not open the way. */
export const staysShut = (sourcePort: SourcePort, blockers: readonly Blocker[]): CodedError => {
  const seen = `${portText(sourcePort)} is shut ${sourceText(sourcePort.wantedSources)} now, and a request would not change that, because no rule can come before ${blockersText(blockers)}.`;
  return blockers.some(({ reason }) => reason === 'noSecurityGroup')
    ? new CodedError({
        code: 'JIT701',
        seen,
        remedy:
          'Put a network security group on the subnet or on the NIC of the VM: just-in-time access writes its rules there.',
      })
    : new CodedError({
        code: 'JIT702',
        seen,
        remedy: hasAdminRule(blockers)
          ? CHANGE_ADMIN_RULE
          : 'Change what is named, or give it a higher priority number, which means that it comes later.',
      });
};

export const grantedNow = (sourcePort: SourcePort): string =>
  `${portText(sourcePort)} is open ${sourceText(sourcePort.wantedSources)} now, by an active request.`;

export const rulesNotNeeded = 'The rules are not read: nothing waits for them.';
export const rulesUnseen = ({ name }: VmId, port: number): string =>
  `${portText({ vm: { name }, port })}: the rules could not be read.`;
export const sourceUnseen = ({ name }: VmId, port: number): string =>
  `${portText({ vm: { name }, port })}: with sourceIp: azure nobody knows yet which address the rules are to allow.`;

export const wouldClose = (ports: number): string =>
  `After the job's last step: ${ports === 1 ? 'the port asked for' : `the ${String(ports)} ports asked for`}, and the rules would be read back.`;
export const nothingToClose =
  'Nothing: this step would ask for nothing, and the requests of other runs stay.';
export const wouldStayOpen =
  'Nothing, since closeAtJobEnd is false: what is asked for stays open until its end.';
