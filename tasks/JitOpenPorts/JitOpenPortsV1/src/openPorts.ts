import type { WaitedAccess } from '../../../shared/access/access';
import type { Ledger } from '../../../shared/access/ledger';
import { requestAccess, toRequests, toReused, type PlannedRequest } from '../../../shared/access/requesting';
import { findSourceAddress } from '../../../shared/access/sourceAddress';
import type { Opened as Noted } from '../../../shared/access/state';
import { tellStanding } from '../../../shared/access/tellStanding';
import { readPlace, type Place } from '../../../shared/access/vmNetwork';
import { planVm, type VmPlan } from '../../../shared/domain/plan';
import type { Policy } from '../../../shared/domain/policy';
import type { VmId } from '../../../shared/domain/resourceIds';
import type { CodedError } from '../../../shared/errors';
import { withLimit } from '../../../shared/limits';
import { policyNameUnknown } from '../../../shared/messages/failures';
import { refusedByPolicy } from '../../../shared/messages/planning';
import * as say from '../../../shared/messages/story';
import type { Limit, World } from '../../../shared/world';
import type { OpenPortsInputs } from './inputs';
import { rehearse } from './rehearse';
import { waitForAll } from './waitForAll';

/** How long looking things up may take, with every pause that Azure asks for: two minutes. */
const LOOK_UP_MS = 120_000;

/** What a run came to. It failed when there is an error; what is open is open all the same. */
export interface Opened {
  readonly accesses: readonly WaitedAccess[];
  readonly places: ReadonlyMap<string, Place>;
  readonly failures: readonly CodedError[];
}

/**
 * The story of a run: look up, plan, ask, wait. Throws a `CodedError` when nothing was asked; when some ports
 * opened and others did not, the outcome tells which. A dry run opens nothing and ends after the plan.
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
  const { source, policies, places } = await withLimit(world.clock, world.signal, LOOK_UP_MS, (limit) =>
    lookUp(inputs, world, limit),
  );
  const own = earlier.flatMap(({ startedAt }) => startedAt ?? []);
  const plans = planAll(inputs, policies, source, own, world.jit.azureNow());
  tellFindings(world, plans, places);
  const rivals = plans.some((plan) => plan.rivals.length > 0 && plan.ask.length > 0);
  if (inputs.share && source === 'azure' && rivals) world.log.warning(say.notSharing());
  const requests = toRequests(plans);
  if (inputs.dryRun) {
    for (const access of toReused(plans)) world.log.line(say.reused(access, own.includes(access.startedAt)));
    await rehearse(world, plans, requests, needsRules(inputs) ? places : new Map());
    return { accesses: [], places, failures: [] };
  }

  world.log.progress(20, 'Asking for access');
  const reused = toReused(plans);
  for (const access of reused) world.log.line(say.reused(access, own.includes(access.startedAt)));
  ledger.reused(reused);
  const { granted, failures } = await askAll(inputs, world, requests, ledger);
  const accesses = [...reused, ...granted];
  const waited = await waitForAll(inputs, world, places, accesses, ledger);
  for (const access of waited) tell(world, access);
  return {
    accesses: waited,
    places,
    failures: [
      ...failures,
      ...waited.flatMap(({ waited }) => (waited.status === 'failed' ? [waited.error] : [])),
    ],
  };
}

/** Everything that is to be known before asking, all at the same time. */
async function lookUp(inputs: OpenPortsInputs, world: World, limit: Limit) {
  const groups = new Map(inputs.vms.map((vm) => [groupKey(vm), vm]));
  const [source, policies, places] = await Promise.all([
    inputs.source === 'agent'
      ? findSourceAddress(world, inputs.ipEchoUrls, limit).then((address) => {
          world.log.line(say.agentAddress(address));
          return [address];
        })
      : inputs.source,
    Promise.all(
      [...groups.values()].map((vm) => world.jit.listPolicies(vm.subscriptionId, vm.resourceGroup, limit)),
    ),
    Promise.all(inputs.vms.map((vm) => readPlace(world.network, vm, needsRules(inputs), limit))),
  ]);
  return {
    source,
    policies: new Map([...groups.keys()].map((key, index) => [key, policies[index] ?? []])),
    places: new Map(places.map((place) => [place.vm.key, place])),
  };
}

const needsRules = ({ waitFor }: OpenPortsInputs): boolean => waitFor === 'rule' || waitFor === 'connection';

const groupKey = (vm: VmId): string => `${vm.subscriptionId}/${vm.resourceGroup}`.toLowerCase();

/** A plan for every VM. Throws when a policy does not allow what is wanted, for any of them. */
function planAll(
  inputs: OpenPortsInputs,
  policies: ReadonlyMap<string, readonly Policy[]>,
  source: readonly string[] | 'azure' | 'policy',
  earlier: readonly string[],
  azureNow: number,
): readonly VmPlan[] {
  const { ports, durationMs, share } = inputs;
  const wanted = { ports, durationMs, source, share, earlier };
  const { policyName } = inputs;
  const plannings = inputs.vms.map((vm) => {
    const all = policies.get(groupKey(vm)) ?? [];
    const usable = policyName
      ? all.filter(({ name }) => name.toLowerCase() === policyName.toLowerCase())
      : all;
    if (policyName && usable.length === 0) {
      throw policyNameUnknown(
        policyName,
        vm.resourceGroup,
        all.map(({ name }) => name),
      );
    }
    return planVm(vm, usable, wanted, azureNow);
  });
  const violations = plannings.flatMap((planning) =>
    planning.kind === 'refused' ? planning.violations : [],
  );
  if (violations.length > 0) throw refusedByPolicy(violations, policyName);
  return plannings.flatMap((planning) => (planning.kind === 'planned' ? [planning.plan] : []));
}

function tellFindings({ log }: World, plans: readonly VmPlan[], places: ReadonlyMap<string, Place>): void {
  log.group('What the policies allow');
  for (const plan of plans) log.line(say.coveredBy(plan));
  log.endGroup();
  for (const { rivals, ask } of plans) {
    for (const rival of rivals) log.line(say.rival(rival));
    for (const planned of ask) {
      if (planned.others) log.line(say.sharing(planned.others.sources));
      if (planned.leftOut.length > 0) log.warning(say.leftOut(planned.leftOut));
    }
  }
  for (const { missing } of places.values()) {
    for (const right of missing) log.warning(say.unreadable(right));
  }
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
  const found = 'standing' in waited ? waited.standing : undefined;
  if (found) tellStanding(log, access, found);
}
