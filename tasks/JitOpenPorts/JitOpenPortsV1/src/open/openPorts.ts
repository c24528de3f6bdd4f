import type { WaitedAccess } from '../plan/access';
import { isOwnAccess, toOwnPorts } from '../plan/ownRequests';
import { checkFirewallHosts } from './firewallHosts';
import type { Ledger } from '../plan/ledger';
import { requestAccess, toRequests, toReused, type PlannedRequest } from './requestAccess';
import type { NotedPort as Noted } from '../plan/state';
import { logPermanentAccess } from './reportPermanentAccess';
import { placesOf } from '../plan/findings';
import type { VmPlace } from '../plan/place';
import { inOrder } from '../../../../shared/core/inOrder';
import type { VmPlan } from '../plan/plan';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { CodedError } from '../../../../shared/core/errors';
import * as say from '../messages/opening';
import type { Context } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { awaitsRules, prepare } from './prepare';
import { waitForAll } from './waitForAll';
import { findPrivateHosts } from './privateHosts';
import { logPower, logPrivateHosts } from './reportConnecting';

/** What a run came to. It failed when there is an error; what is open is open all the same. */
export interface Outcome {
  readonly accesses: readonly WaitedAccess[];
  readonly places: ReadonlyMap<string, VmPlace>;
  readonly failures: readonly CodedError[];
}

/**
 * The workflow of a run: prepare, request, wait. Throws a `CodedError` when nothing was requested; when some ports
 * opened and others did not, the outcome tells which.
 *
 * @param earlier what earlier attempts of this step opened
 */
export async function openPorts(
  inputs: OpenPortsInputs,
  context: Context,
  ledger: Ledger,
  earlier: readonly Noted[],
): Promise<Outcome> {
  const own = toOwnPorts(earlier);
  const preparation = { stopsAtFailure: true, withRules: awaitsRules(inputs) };
  const findings = await prepare(inputs, context, own, preparation);
  const places = placesOf(findings);
  const plans = findings.plans.kind === 'found' ? findings.plans.value : [];
  for (const { missing } of places.values()) {
    for (const right of missing) context.log.warning(say.unreadable(right));
  }

  logPower(context.log, places.values());

  context.log.progress(20, 'Asking for access');
  const reused = toReused(plans);
  for (const access of reused) context.log.line(say.reused(access, isOwnAccess(own, access)));
  ledger.reused(reused);
  // What is read of the hosts costs the request no time.
  const [{ granted, failures }, hosts] = await Promise.all([
    requestAll(inputs, context, toRequests(plans), ledger),
    findPrivateHosts(context, inputs, findings),
  ]);
  logPrivateHosts(context.log, hosts);
  const accesses = inOrder([...reused, ...granted], wantedKeys(inputs, plans), keyOf);
  const waited = await waitForAll(inputs, context, { places, hosts }, accesses, ledger, own);
  for (const access of waited) logAccess(context, access);
  await checkFirewallHosts(
    context,
    waited.map(({ access }) => access),
    places,
  );
  return {
    accesses: waited,
    places,
    failures: [
      ...failures,
      ...waited.flatMap(({ waited }) => (waited.status === 'failed' ? [waited.error] : [])),
    ],
  };
}

/** Every VM and port in the order of the inputs, whatever policy they are under; `all` is the policy's own order. */
const wantedKeys = ({ ports }: OpenPortsInputs, plans: readonly VmPlan[]): readonly string[] =>
  plans.flatMap(({ wanted, vm }) =>
    (ports === 'all' ? vm.ports.map(({ port }) => port) : ports).map((port) => keyOf({ vm: wanted, port })),
  );

const keyOf = ({ vm, port }: { readonly vm: VmId; readonly port: number }): string =>
  `${vm.key} ${String(port)}`;

/** One request for each policy, all at the same time. */
async function requestAll(
  inputs: OpenPortsInputs,
  context: Context,
  requests: readonly PlannedRequest[],
  ledger: Ledger,
) {
  for (const { ports } of requests)
    for (const { requested } of ports) context.log.line(say.requesting(requested));
  const outcomes = await Promise.all(
    requests.map((request) => requestAccess(context, request, inputs.justification, ledger)),
  );
  const granted = outcomes.flatMap(({ accesses }) => accesses);
  const taken = outcomes.filter(({ accesses }) => accesses.length > 0).length;
  if (taken > 0) context.log.line(say.accepted(granted, taken));
  return { granted, failures: outcomes.flatMap(({ failures }) => failures) };
}

function logAccess({ log }: Context, waitedAccess: WaitedAccess): void {
  const { access, waited } = waitedAccess;
  if (waited.status !== 'failed') log.line(say.open(waitedAccess));
  logPermanentAccess(log, access, waited);
}
