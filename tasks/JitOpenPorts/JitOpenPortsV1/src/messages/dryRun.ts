import type { Policy, PortRule } from '../../../../shared/core/policy';
import { formatDuration } from '../../../../shared/core/durations';
import type { Blocker } from '../../../../shared/core/nsg/verdict';
import type { VmId } from '../../../../shared/core/resourceIds';
import { listText, say } from '../../../../shared/core/text';
import { CodedError } from '../../../../shared/core/errors';
import type { Mark } from '../../../../shared/task/checkList';
import type { CheckedRight, NeededRight } from '../../../../shared/task/rights';
import type { SignIn } from '../../../../shared/core/signIn';
import { ForbiddenError } from '../../../../shared/messages/refusals';
import { blockersText, portText, sourceText, type StandingWay } from './waiting';

/** The lines of a dry run's check list. */

/** What a check list speaks of, in the order in which it is read. */
export const TOPICS = [
  'Connection',
  'Source',
  'Policy',
  'Ports',
  'Duration',
  'VM',
  'Request',
  'Rules now',
  'Rights',
  'Wait',
  'Closing',
] as const;
export type Topic = (typeof TOPICS)[number];

export const checkListTitle = 'Check list of the dry run';

export const checkText = (topic: Topic, mark: Mark, text: string): string => `[${mark}] ${topic}: ${text}`;

/** The last line of a topic that is too long. */
export const others = (counts: readonly { readonly mark: Mark; readonly count: number }[]): string =>
  `And more of these, not shown: ${listText(counts.map(({ mark, count }) => `${String(count)} ${mark}`))}.`;

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
  const asked = wanted === 'max' ? 'the most that the policy allows' : formatDuration(wanted);
  const orMore = rules.length > 1 ? ' or more' : '';
  return say`${name}: ${asked}; the policy allows ${formatDuration(most)}` + `${orMore}.`;
};

/** Where the wanted source comes from, and that the policies allow it. */
export const sourceFound = (
  wanted: 'agent' | 'azure' | 'policy' | 'given',
  sources: readonly string[],
): string => {
  switch (wanted) {
    case 'agent':
      return say`${listText(sources)}, this agent's public address, by the answers of address services.`;
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

export const nothingToAsk = 'Nothing would be asked: live requests already let the source in.';

export const closedNow = (way: StandingWay, blockers: readonly Blocker[]): string =>
  `${portText(way)} is shut ${sourceText(way.wantedSources)} now, by ${blockersText(blockers)}; the rule of just-in-time access is to come before that.`;

export const besideGrant = (way: StandingWay, blockers: readonly Blocker[]): string =>
  `${portText(way)} is shut ${sourceText(way.wantedSources)} now, and not only by just-in-time access: also by ${blockersText(blockers)}, which stays in the way when it comes before the rule of the request, usually of priority 100 to 140.`;

/** That a request would not open the way. */
export const staysShut = (way: StandingWay, blockers: readonly Blocker[]): CodedError => {
  const seen = `${portText(way)} is shut ${sourceText(way.wantedSources)} now, and a request would not change that, because no rule can come before ${blockersText(blockers)}.`;
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
        remedy: 'Change what is named, or give it a higher priority number, which means that it comes later.',
      });
};

export const grantedNow = (way: StandingWay): string =>
  `${portText(way)} is open ${sourceText(way.wantedSources)} now, by a live request.`;

export const rulesNotNeeded = 'The rules are not read: nothing waits for them.';
export const rulesUnseen = ({ name }: VmId, port: number): string =>
  `${portText({ vm: { name }, port })}: the rules could not be read.`;
export const sourceUnseen = ({ name }: VmId, port: number): string =>
  `${portText({ vm: { name }, port })}: with sourceIp: azure nobody knows yet which address the rules are to let in.`;

export const wouldClose = (ports: number): string =>
  `After the job's last step: ${ports === 1 ? 'the port asked for' : `the ${String(ports)} ports asked for`}, and the rules would be read back.`;
export const nothingToClose =
  'Nothing: this step would ask for nothing, and the requests of other runs stay.';
export const wouldStayOpen =
  'Nothing, since closeAtJobEnd is false: what is asked for stays open until its end.';

/** What a right is for. `without`: what a run meets when it is missing; `perhaps`: it may not need it. */
interface PurposeText {
  readonly why: string;
  readonly without: 'fails' | 'perhaps' | { readonly degrades: string };
}

const purposes = <Name extends string>(texts: Readonly<Record<Name, PurposeText>>) => texts;

export const PURPOSES = purposes({
  findPolicy: { why: 'to find the policy of the VM', without: 'fails' },
  request: { why: 'to ask for access', without: 'fails' },
  requestForVm: {
    why: 'may be needed: Azure asks for it for some VMs, and Microsoft does not say for which',
    without: 'perhaps',
  },
  readVmToAsk: { why: 'to ask for access to the VM, and to find its network interfaces', without: 'fails' },
  readVm: {
    why: 'to find the network interfaces of the VM',
    without: { degrades: 'host stays empty, and the rules cannot be read' },
  },
  readNic: {
    why: 'to find the addresses and the security group of the VM',
    without: { degrades: 'host stays empty, and the rules cannot be read' },
  },
  readPublicAddress: {
    why: 'to name the public address in host',
    without: { degrades: 'host is the private address' },
  },
  readSubnet: {
    why: 'to find the security group of the subnet',
    without: { degrades: 'the rules cannot be read' },
  },
  readRules: { why: 'to evaluate the rules', without: { degrades: 'the rules cannot be read' } },
  readVnet: {
    why: 'to know the addresses of VirtualNetwork',
    without: { degrades: 'rules for VirtualNetwork do not count as open' },
  },
  deleteRule: {
    why: 'to delete the allow rule of the own request when it outlives the request',
    without: { degrades: 'such a rule stays, with a warning after the job' },
  },
  writePolicy: { why: 'to write the policy', without: 'fails' },
  deletePolicy: { why: 'to delete the policy', without: 'fails' },
  writePolicyForVm: {
    why: 'which Azure asks for of whoever writes a policy with this VM',
    without: 'fails',
  },
});

export type Purpose = keyof typeof PURPOSES;

/** One action, why it is needed, and what is known of it. */
export const rightText = (
  { action, scope, purpose, shown }: NeededRight,
  scopes: number,
  state: CheckedRight['state'],
  trouble: CodedError | undefined,
): string => {
  const { why, without } = PURPOSES[purpose];
  const where = scopes > 1 ? say`${scope} and ${scopes - 1} more` : say`${scope}`;
  const what = say`${action} on ` + `${where}, ${why}`;
  switch (state) {
    case 'used':
      return `${what}: it was used just now.`;
    case 'granted':
      return `${what}: a role gives it.`;
    case 'unknown':
      return `${what}: whether a role gives it could not be learned. ${trouble?.seen ?? ''}`.trimEnd();
    case 'missing': {
      const then = typeof without === 'string' ? '' : ` Without it, ${without.degrades}.`;
      const isConditional = shown instanceof ForbiddenError && shown.detail.condition === true;
      const or = isConditional ? ', or a condition on its role assignment (ABAC) is not met' : '';
      return `${what}: it is missing${or}.${without === 'fails' ? ' The step would fail.' : then}`;
    }
  }
};

export const denyAssignments =
  "Deny assignments are not in Azure's list of the own rights: that a role gives a right is no proof that Azure will allow it.";
