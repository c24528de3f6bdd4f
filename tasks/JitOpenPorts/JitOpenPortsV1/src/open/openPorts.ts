import type { WaitedAccess } from '../plan/access';
import { isOwnAccess, toOwnPorts } from '../plan/ownRequests';
import { checkFirewallHosts } from './firewallHosts';
import type { Ledger } from '../plan/ledger';
import { requestAccess, toRequests, toReused, type PlannedRequest } from './requestAccess';
import type { Opened as Noted } from '../plan/state';
import { tellPermanent } from './reportPermanentAccess';
import { readPlace } from './vmNetwork';
import { type Place } from '../plan/place';
import { inOrder } from '../../../../shared/core/inOrder';
import type { VmPlan } from '../plan/plan';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { CodedError } from '../../../../shared/core/errors';
import { withLimit } from '../../../../shared/core/limits';
import * as say from '../messages/opening';
import type { World } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { awaitsRules, LOOK_UP_MS, startLookUps } from './lookUp';
import { allPlans, planOne, tellOddEntries, tellPlans } from './planVms';
import { waitForAll } from './waitForAll';

/** What a run came to. It failed when there is an error; what is open is open all the same. */
export interface Opened {
  readonly accesses: readonly WaitedAccess[];
  readonly places: ReadonlyMap<string, Place>;
  readonly failures: readonly CodedError[];
}

/**
 * The story of a run: look up, plan, ask, wait. Throws a `CodedError` when nothing was asked; when some ports
 * opened and others did not, the outcome tells which.
 *
 * @param earlier what earlier attempts of this step opened
 */
export async function openPorts(
  inputs: OpenPortsInputs,
  world: World,
  ledger: Ledger,
  earlier: readonly Noted[],
): Promise<Opened> {
  world.log.progress(5, 'Looking up');
  world.log.line(say.lookingUp(inputs.vms));
  const { source, policies, places } = await lookUp(inputs, world);
  const own = toOwnPorts(earlier);
  const parts = { inputs, source, own, azureNow: world.jit.azureNow() };
  tellOddEntries(inputs, world.log, policies, parts.azureNow);
  const plans = allPlans(
    inputs.vms.map((vm, index) => planOne(parts, vm, policies[index] ?? [])),
    inputs.policyName,
  );
  tellPlans(inputs, world.log, source, plans);
  for (const { missing } of places.values()) {
    for (const right of missing) world.log.warning(say.unreadable(right));
  }

  world.log.progress(20, 'Asking for access');
  const reused = toReused(plans);
  for (const access of reused) world.log.line(say.reused(access, isOwnAccess(own, access)));
  ledger.reused(reused);
  const { granted, failures } = await askAll(inputs, world, toRequests(plans), ledger);
  const accesses = inOrder([...reused, ...granted], wantedKeys(inputs, plans), keyOf);
  const waited = await waitForAll(inputs, world, places, accesses, ledger, own);
  for (const access of waited) tell(world, access);
  await checkFirewallHosts(
    world,
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

/** Everything that is to be known before asking; the first failure ends the run. */
function lookUp(inputs: OpenPortsInputs, world: World) {
  return withLimit(world.clock, world.signal, LOOK_UP_MS, async (limit) => {
    const place = (vm: VmId) => readPlace(world.network, vm, awaitsRules(inputs), limit);
    const lookUps = startLookUps(inputs, world, place, limit);
    const [source, policies, places] = await Promise.all([
      lookUps.source,
      Promise.all(lookUps.policies),
      Promise.all(lookUps.places),
    ]);
    return { source, policies, places: new Map(places.map((place) => [place.vm.key, place])) };
  });
}

/** One request for each policy, all at the same time. */
async function askAll(
  inputs: OpenPortsInputs,
  world: World,
  requests: readonly PlannedRequest[],
  ledger: Ledger,
) {
  for (const { ports } of requests) for (const { asked } of ports) world.log.line(say.asking(asked));
  const outcomes = await Promise.all(
    requests.map((request) => requestAccess(world, request, inputs.justification, ledger)),
  );
  const granted = outcomes.flatMap(({ accesses }) => accesses);
  const taken = outcomes.filter(({ accesses }) => accesses.length > 0).length;
  if (taken > 0) world.log.line(say.accepted(granted, taken));
  return { granted, failures: outcomes.flatMap(({ failures }) => failures) };
}

function tell({ log }: World, waitedAccess: WaitedAccess): void {
  const { access, waited } = waitedAccess;
  if (waited.status !== 'failed') log.line(say.open(waitedAccess));
  tellPermanent(log, access, waited);
}
