import { toRequests, toReused } from '../open/requestAccess';
import { isOwnAccess } from '../plan/ownRequests';
import type { OwnPort } from '../../../../shared/core/requests';
import { isSignInFailure, isSilence } from '../../../../shared/core/codes';
import type { CodedError } from '../../../../shared/core/errors';
import * as say from '../messages/dryRun';
import { notWaiting, reused, wouldRequest, wouldWait } from '../messages/opening';
import { failed, passed, unchecked } from '../../../../shared/task/checkList';
import type { CheckList, Check } from '../../../../shared/core/checks';
import type { SignIn } from '../../../../shared/core/signIn';
import { placesOf, type Findings } from '../plan/findings';
import type { DoubtfulHost } from '../open/privateHosts';
import { connectingChecks } from '../open/reportConnecting';
import type { OpenPortsInputs } from '../plan/inputs';
import { checkOfReading, policyChecks } from './policyChecks';

/** What was checked after planning. Absent parts were not checked. */
export interface Checked {
  readonly rules: CheckList | undefined;
  readonly rights: CheckList | undefined;
  /** The hosts that the sources might not be able to reach, as far as they were checked. */
  readonly hosts: readonly DoubtfulHost[];
  /** Why no more calls were sent to Azure. */
  readonly silent: CodedError | undefined;
}

/** The check list of a dry run, and the failure that the real run would have. */
export interface DryRun {
  readonly checks: CheckList;
  readonly failure: CodedError | undefined;
  /** The issue of a step that would continue without what would not be open. */
  readonly issue?: string | undefined;
}

/** Returns all results of a dry run as a check list. */
export function toCheckList(
  inputs: OpenPortsInputs,
  signIn: SignIn,
  findings: Findings,
  own: readonly OwnPort[],
  { rules, rights, hosts, silent }: Checked,
): CheckList {
  const { plans } = findings;
  const notReached = silent ?? (plans.kind === 'failed' ? plans.failure : undefined);
  const unseen = notReached ? say.stoppedBy(notReached) : say.rulesNotNeeded;
  const checks = [
    connectionCheck(signIn, findings),
    ...sourceChecks(inputs, findings),
    ...policyChecks(inputs, findings),
    ...placeChecks(findings),
    ...connectingChecks(placesOf(findings).values(), hosts),
    ...requestChecks(findings, own),
    ...(rules && rules.length > 0 ? rules : [unchecked('Rules now', unseen)]),
    ...(rights ?? [unchecked('Rights', unseen)]),
    waitCheck(inputs),
    closingCheck(inputs, findings),
  ];
  // Several VMs share a line with the same text.
  const byWords = new Map(checks.toReversed().map((check) => [`${check.topic} ${check.text}`, check]));
  return checks.filter((check) => byWords.get(`${check.topic} ${check.text}`) === check);
}

/**
 * Returns the check list for an identity without any role here: what was found without one, and that nothing else could
 * be found.
 */
export const toShortList = (
  inputs: OpenPortsInputs,
  signIn: SignIn,
  findings: Findings,
  withoutRole: CodedError,
): CheckList => [
  connectionCheck(signIn, findings),
  ...sourceChecks(inputs, findings),
  failed('Rights', withoutRole),
];

/**
 * Azure's responses show whether the sign-in worked: any response except a refused sign-in proves it, and silence
 * proves nothing.
 */
function connectionCheck(signIn: SignIn, { vms }: Findings): Check {
  const requested = vms.flatMap(({ policies, place }) => [policies, place]);
  const failures = requested.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));
  const refused = failures.find(isSignInFailure);
  if (refused) return failed('Connection', refused);
  const answered = requested.some((one) => one.kind === 'found' || !isSilence(one.failure));
  return answered
    ? passed('Connection', say.signedIn(signIn))
    : unchecked('Connection', say.notSignedIn(signIn));
}

function sourceChecks({ source: wanted }: OpenPortsInputs, { source }: Findings): CheckList {
  if (source.kind === 'failed') return [failed('Source', source.failure)];
  if (wanted === 'azure') return [unchecked('Source', say.sourceFound(wanted, []))];
  const kind = typeof wanted === 'string' ? wanted : 'given';
  const sources = typeof source.value === 'string' ? [] : source.value;
  return [passed('Source', say.sourceFound(kind, sources))];
}

const placeChecks = ({ vms }: Findings): CheckList =>
  vms.map(({ vm, place }) => {
    if (place.kind === 'failed') return checkOfReading('VM', place.failure);
    const { privateIpAddress, publicIpAddress } = place.value;
    const text = say.placeOf(vm, privateIpAddress?.text, publicIpAddress);
    return privateIpAddress === undefined ? unchecked('VM', text) : passed('VM', text);
  });

/** Returns what would be requested, with one request for each policy, and what would be reused instead. */
function requestChecks({ plans }: Findings, own: readonly OwnPort[]): CheckList {
  if (plans.kind === 'failed') return [unchecked('Request', say.stoppedBy(plans.failure))];
  const requests = toRequests(plans.value).flatMap(({ policy, ports }) => [
    say.requestOf(policy.name, ports.length),
    ...ports.map(({ requested }) => wouldRequest(requested)),
  ]);
  const again = toReused(plans.value).map((access) => reused(access, isOwnAccess(own, access)));
  const none = requests.length === 0 ? [say.nothingToRequest] : [];
  return [...requests, ...again, ...none].map((text) => passed('Request', text));
}

const waitCheck = ({ waitFor, waitTimeoutMs }: OpenPortsInputs): Check =>
  passed('Wait', waitFor === 'nothing' ? notWaiting : wouldWait(waitFor, waitTimeoutMs));

function closingCheck({ closeAtJobEnd }: OpenPortsInputs, { plans }: Findings): Check {
  if (!closeAtJobEnd) return passed('Closing', say.wouldStayOpen);
  if (plans.kind === 'failed') return unchecked('Closing', say.stoppedBy(plans.failure));
  const count = plans.value.reduce((sum, { toRequest }) => sum + toRequest.length, 0);
  return passed('Closing', count > 0 ? say.wouldClose(count) : say.nothingToClose);
}
