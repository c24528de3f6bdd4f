import { isAny, textsOf, type Prefix } from '../../../../shared/core/prefixes';
import type { Policy, PortRule } from '../../../../shared/core/policy';
import { formatDuration } from '../../../../shared/core/durations';
import type { Blocker } from '../../../../shared/core/nsg/verdict';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import { CodedError, type ForbiddenError } from '../../../../shared/core/errors';
import type { SignIn } from '../../../../shared/core/signIn';
import { hasAdminRule } from '../plan/explain';
import type { NotOpened } from '../plan/findings';
import { blockersText, CHANGE_ADMIN_RULE, type SourcePort } from './waiting';
import { forbidden } from '../../../../shared/messages/refusals';
import { portFrom, portText } from '../../../../shared/messages/ports';

const KINDS: Readonly<Record<SignIn['kind'], string>> = {
  secret: 'a service principal with a client secret',
  certificate: 'a service principal with a certificate',
  federated: 'a service principal with workload identity federation',
  managed: 'a managed identity of this agent',
};

const identityText = ({ kind, clientId, tenantId }: SignIn): string =>
  KINDS[kind] +
  (clientId === undefined ? '' : say`, client ID ${clientId}`) +
  (tenantId === undefined ? '' : say`, tenant ${tenantId}`);

export const signedIn = (signIn: SignIn): string => `Signed in as ${identityText(signIn)}.`;

export const notSignedIn = (signIn: SignIn): string =>
  `Whether ${identityText(signIn)} can sign in is not known, because Azure did not respond.`;

export const stoppedBy = (failure: CodedError): string =>
  `The step would fail before this, with ${failure.code}.`;

/** The same for a VM that `onPartial: continue` leaves out. */
export const leftOutBefore =
  ({ name }: VmId) =>
  ({ code }: CodedError): string =>
    say`${name} would be left out before this, with ${code}.`;

/** A VM, or one of its ports, that would not be open, and why. */
export const wouldNotBeOpen = ({ vm, port, failure }: NotOpened): string =>
  `Would not be open: ${port === undefined ? say`${vm.name}` : portText({ vm, port })}. ${failure.message}`;

export const moreWouldNotBeOpen = (count: number): string =>
  `${count === 1 ? 'One more VM or port' : `${String(count)} more VMs or ports`} would not be open.`;

/** The result of the dry run of a step that would continue without what would not be open. */
export const wouldOpenInPart = (open: number, notOpen: number): string =>
  `This was a dry run, and nothing was requested. ${open === 1 ? 'One port' : `${String(open)} ports`} would be open. ${notOpen === 1 ? 'One VM or port' : `${String(notOpen)} VMs or ports`} would not, which onPartial: continue allows.`;

/**
 * JIT301 if nothing could be read, reported once for all rights.
 *
 * @param first how Azure refused the first read
 * @param scopes the number of resource groups with a refused read
 */
export function withoutRole({ action, scope, detail }: ForbiddenError, scopes: number): CodedError {
  const where = scopes > 1 ? say`${scope} and ${scopes - 1} more` : say`${scope}`;
  const or = detail.condition === true ? ', or a condition on it (ABAC) is not met' : '';
  return new CodedError({
    code: 'JIT301',
    seen:
      `Nothing could be looked up in Azure, which refused every look-up on ${where}. ` +
      `The service connection's identity has no role there yet that grants the rights to read, or its role assignment is only minutes old${or}. ` +
      say`The first action that Azure refused is ${action}.`,
    remedy: `${forbidden(action, scope, detail).remedy} Then repeat the dry run.`,
  });
}

export const policyOf = ({ name }: VmId, policy: Policy): string =>
  say`${name} is in the policy ${policy.name} in ${policy.location}.`;

export const portsOf = ({ name }: VmId, ports: readonly number[]): string =>
  say`${name}: ${ports.length === 1 ? 'port' : 'ports'} ${listText(ports.map(String))}.`;

export const durationOf = ({ name }: VmId, wanted: number | 'max', rules: readonly PortRule[]): string => {
  const most = rules.map(({ maxDurationMs }) => maxDurationMs);
  const least = Math.min(...most);
  const requested = wanted === 'max' ? 'the maximum' : formatDuration(wanted);
  const orLonger = most.some((one) => one > least) ? ', and longer for some ports' : '';
  return (
    say`${name}: ${requested} requested. The policy allows up to ${formatDuration(least)}` + `${orLonger}.`
  );
};

/** Returns where the wanted source comes from. */
export const sourceFound = (
  wanted: 'agent' | 'azure' | 'policy' | 'given',
  sources: readonly Prefix[],
): string => {
  switch (wanted) {
    case 'agent':
      return say`${listText(textsOf(sources))}, this agent's public address as address services report it.`;
    case 'azure':
      return 'The address that Azure sees the request come from. It is not known before the request, and neither is whether the policy allows it.';
    case 'policy':
      return 'The sources that the policy allows for each port.';
    case 'given':
      return say`Given in sourceIp: ${sources.some(isAny) ? 'any address' : listText(textsOf(sources))}.`;
  }
};

export const placeOf = (
  { name }: VmId,
  privateIpAddress: string | undefined,
  publicIpAddress: string | undefined,
): string =>
  say`${name}: ${privateIpAddress === undefined ? 'private address not known' : `private address ${privateIpAddress}`}, ${publicIpAddress === undefined ? 'no public address known' : `public address ${publicIpAddress}`}.`;

export const requestOf = (policyName: string, ports: number): string =>
  say`One request under the policy ${policyName}, for ${ports === 1 ? 'one port' : `${String(ports)} ports`}.`;

export const nothingToRequest = 'No request is needed: active requests already allow the source.';

const sourcePortText = (sourcePort: SourcePort): string => portFrom(sourcePort, sourcePort.wantedSources);

export const closedNow = (sourcePort: SourcePort, blockers: readonly Blocker[]): string =>
  `Blocked now: ${sourcePortText(sourcePort)}, by ${blockersText(blockers)}. The allow rule of the request is expected to come before that.`;

/** If the only blockers are rules that might not apply, the port is known neither as open nor as closed. */
const stateNow = (blockers: readonly Blocker[]): string =>
  blockers.every(({ reason }) => reason === 'unresolved') ? 'Not known to be open now' : 'Blocked now';

/**
 * @param blockers those that just-in-time access did not create
 * @param all everything that blocks
 */
export const besideGrant = (
  sourcePort: SourcePort,
  blockers: readonly Blocker[],
  all: readonly Blocker[],
): string =>
  `${stateNow(all)}: ${sourcePortText(sourcePort)}. A request does not change that if ${blockersText(blockers)} ${blockers.length === 1 ? 'comes' : 'come'} before the allow rule of the request, which usually has a priority from 100 to 140.`;

/** Says that in the real run, IP flow verify decides whether a request opens the port. */
export const leftToAzure = (
  sourcePort: SourcePort,
  blockers: readonly Blocker[],
  all: readonly Blocker[],
): string =>
  `${stateNow(all)}: ${sourcePortText(sourcePort)}. No rule can come before ${blockersText(blockers)}. Whether ${blockers.length === 1 ? 'that applies' : 'they apply'} is not known here. The real run uses IP flow verify of Network Watcher, and fails if IP flow verify denies the traffic.`;

/** Returns the failure for a port that a request would not open: JIT701 without an NSG, and otherwise JIT702. */
export const staysBlocked = (
  sourcePort: SourcePort,
  blockers: readonly Blocker[],
  all: readonly Blocker[],
): CodedError => {
  const seen = `${stateNow(all)}: ${sourcePortText(sourcePort)}. A request would not change that, because no rule can come before ${blockersText(blockers)}.`;
  return blockers.some(({ reason }) => reason === 'noSecurityGroup')
    ? new CodedError({
        code: 'JIT701',
        seen,
        remedy:
          'Associate a network security group with the subnet or the NIC of the VM. Just-in-time access writes its rules there.',
      })
    : new CodedError({
        code: 'JIT702',
        seen,
        remedy: hasAdminRule(blockers)
          ? CHANGE_ADMIN_RULE
          : `Change ${blockers.length === 1 ? 'that rule, or give it' : 'those rules, or give them'} a higher priority number, so that other rules can come first.`,
      });
};

export const grantedNow = (sourcePort: SourcePort): string =>
  `Open now: ${sourcePortText(sourcePort)}, by an active request.`;

export const rulesNotNeeded = 'The rules are not read, because nothing waits for them.';
export const rulesUnseen = ({ name }: VmId, port: number): string =>
  `${portText({ vm: { name }, port })}: the NSG rules could not be read.`;
export const sourceUnseen = ({ name }: VmId, port: number): string =>
  `${portText({ vm: { name }, port })}: with sourceIp: azure, the address that the rules must allow is not known yet.`;

export const wouldClose = (ports: number): string =>
  `Would close the ${ports === 1 ? 'requested port' : `${String(ports)} requested ports`} after the job's last step, and read the NSG rules again to verify it.`;
export const nothingToClose =
  'Nothing to close: this step would request nothing, and the requests of other runs are not changed.';
export const wouldStayOpen =
  'Would close nothing, because closeAtJobEnd is false. What is requested stays open until its end time.';
