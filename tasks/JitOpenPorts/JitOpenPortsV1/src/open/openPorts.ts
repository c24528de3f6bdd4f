import type { WaitedAccess } from '../plan/access';
import { isOwnAccess, toOwnPorts } from '../plan/ownRequests';
import { checkFirewallHosts } from './firewallHosts';
import { findMappedPorts } from './mappedPorts';
import type { Ledger } from '../plan/ledger';
import { requestAccess, toRequests, toReused, type PlannedRequest } from './requestAccess';
import type { NotedPort as Noted } from '../plan/state';
import { logPermanentAccess } from './reportPermanentAccess';
import { placesOf, type NotOpened } from '../plan/findings';
import type { VmPlace } from '../plan/place';
import { inOrder } from '../../../../shared/core/inOrder';
import type { VmPlan } from '../plan/plan';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { CodedError } from '../../../../shared/core/errors';
import { withLimit } from '../../../../shared/core/limits';
import { isCrowd, logEach, warnEach } from '../../../../shared/core/crowd';
import type { Log } from '../../../../shared/core/log';
import * as say from '../messages/opening';
import { moreWithoutPlace, withoutPlace } from '../messages/waiting';
import type { Context } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { awaitsRules, prepare } from './prepare';
import { waitForAll } from './waitForAll';
import { findPrivateHosts } from './privateHosts';
import { logPower, logPrivateHosts } from './reportConnecting';

/** The outcome of a run. What is open counts as open, even if something else failed. */
export interface Outcome {
  readonly accesses: readonly WaitedAccess[];
  readonly places: ReadonlyMap<string, VmPlace>;
  /** What was not granted. What was granted but did not open in time is in `accesses`. */
  readonly notOpened: readonly NotOpened[];
  /** The failures, in the order in which the run met them. */
  readonly failures: readonly CodedError[];
}

/** Returns the VMs and ports that are not open: those that were not granted, and those that did not open in time. */
export const notOpenIn = ({ notOpened, accesses }: Omit<Outcome, 'failures'>): readonly NotOpened[] => [
  ...notOpened,
  ...accesses.flatMap(({ access: { vm, port }, waited }) =>
    waited.status === 'failed' ? [{ vm, port, failure: waited.error }] : [],
  ),
];

/**
 * Runs the workflow: prepare, request, wait. Throws a `CodedError` if the preparation fails, and then requests nothing.
 * If some ports do not open, the outcome says which.
 *
 * @param earlier what earlier attempts of this step opened
 */
export async function openPorts(
  inputs: OpenPortsInputs,
  context: Context,
  ledger: Ledger,
  earlier: readonly Noted[],
): Promise<Outcome> {
  if (inputs.vms.length === 0) return { accesses: [], places: new Map(), notOpened: [], failures: [] };
  const own = toOwnPorts(earlier);
  const preparation = { stopsAtFailure: true, withRules: awaitsRules(inputs) };
  const findings = await prepare(inputs, context, own, preparation);
  const places = placesOf(findings);
  const plans = findings.plans.kind === 'found' ? findings.plans.value : [];
  const { log } = context;
  const missing = [...places.values()].flatMap(({ vm, missing }) => missing.map((right) => ({ vm, right })));
  warnEach(log, missing, ({ right }) => say.unreadable(right), say.moreUnreadable);
  if (awaitsRules(inputs)) {
    const unplaced = [...places.values()].filter((place) => !place.filter && place.missing.length === 0);
    warnEach(log, unplaced, ({ vm }) => withoutPlace(vm), moreWithoutPlace);
  }
  logPower(log, [...places.values()]);

  log.progress(20, 'Requesting access');
  const reused = toReused(plans);
  logEach(log, say.reusedMany(reused.length), reused, (access) =>
    say.reused(access, isOwnAccess(own, access)),
  );
  ledger.reused(reused);
  // Details about the hosts are advice: reading them delays neither the request nor the wait.
  const overdue = new AbortController();
  const within = AbortSignal.any([context.signal, overdue.signal]);
  const finding = findPrivateHosts(context, inputs, findings, within);
  // A bug in it is thrown after the request.
  finding.catch(() => undefined);
  const { granted, notOpened } = await requestAll(inputs, context, toRequests(plans), ledger);
  const accesses = inOrder([...reused, ...granted], wantedKeys(inputs, plans), keyOf);
  let connecting = places;
  const waited = await withLimit(context.clock, context.signal, inputs.waitTimeoutMs, async (limit) => {
    const onOver = () => {
      overdue.abort();
    };
    limit.signal.addEventListener('abort', onOver, { once: true });
    connecting = await findMappedPorts(context, accesses, places, limit);
    const hosts = finding.then((found) => {
      logPrivateHosts(log, found);
      return found;
    });
    const whereabouts = { places: connecting, hosts };
    const waiting = waitForAll(inputs, context, whereabouts, accesses, ledger, own, limit).then((ended) => {
      logAccesses(log, ended);
      return ended;
    });
    const [ended] = await Promise.all([waiting, hosts]);
    const named = ended.map(({ access }) => access);
    await checkFirewallHosts(context, named, connecting, limit);
    return ended;
  });
  const outcome = { accesses: waited, places: connecting, notOpened: [...findings.leftOut, ...notOpened] };
  return { ...outcome, failures: [...new Set(notOpenIn(outcome).map(({ failure }) => failure))] };
}

/**
 * Returns the keys of every VM and port in the order of the inputs, regardless of their policy. With `all`, the ports
 * have the order of the policy.
 */
const wantedKeys = ({ ports }: OpenPortsInputs, plans: readonly VmPlan[]): readonly string[] =>
  plans.flatMap(({ wanted, vm }) =>
    (ports === 'all' ? vm.ports.map(({ port }) => port) : ports).map((port) => keyOf({ vm: wanted, port })),
  );

const keyOf = ({ vm, port }: { readonly vm: VmId; readonly port: number }): string =>
  `${vm.key} ${String(port)}`;

/** Sends all requests at the same time: one for each policy, or more if one would be too long. */
async function requestAll(
  inputs: OpenPortsInputs,
  context: Context,
  requests: readonly PlannedRequest[],
  ledger: Ledger,
) {
  const ports = requests.flatMap((request) => request.ports.map(({ requested }) => requested));
  logEach(context.log, say.requestingMany(ports.length, requests.length), ports, say.requesting);
  ledger.requesting(requests);
  const outcomes = await Promise.all(
    requests.map((request) => requestAccess(context, request, inputs.justification, ledger)),
  );
  const granted = outcomes.flatMap(({ accesses }) => accesses);
  const taken = outcomes.filter(({ accesses }) => accesses.length > 0).length;
  if (taken > 0) context.log.line(say.accepted(granted, taken, requests.length));
  return { granted, notOpened: outcomes.flatMap((outcome) => outcome.notOpened) };
}

const ofVm = (waited: WaitedAccess) => ({ ...waited, vm: waited.access.vm });

/**
 * Logs what is open, port by port or, for many VMs, as counts by policy. Also logs what is open without just-in-time
 * access.
 */
function logAccesses(log: Log, accesses: readonly WaitedAccess[]): void {
  const open = accesses.filter(({ waited }) => waited.status !== 'failed');
  logEach(log, say.openMany(open.length), open.map(ofVm), say.open);
  if (isCrowd(accesses.map(ofVm))) for (const line of say.openByPolicy(accesses)) log.line(line);
  logPermanentAccess(log, accesses);
}
