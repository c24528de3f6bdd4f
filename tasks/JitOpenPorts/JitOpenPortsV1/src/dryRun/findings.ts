import { readPlace } from '../open/vmNetwork';
import { type VmPlace } from '../plan/place';
import type { Planning, VmPlan } from '../plan/plan';
import type { Policy } from '../../../../shared/core/policy';
import type { OwnPort } from '../../../../shared/core/requests';
import type { VmId } from '../../../../shared/core/resourceIds';
import { CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import type { Context } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { awaitsRules, READ_MS, startReading, type RequestSource } from '../open/startReading';
import { allPlans, planOne } from '../open/planVms';

/** What came of something that was tried. */
export type Tried<T> =
  { readonly kind: 'found'; readonly value: T } | { readonly kind: 'failed'; readonly failure: CodedError };

/** What was found about one VM. */
export interface VmFindings {
  readonly vm: VmId;
  readonly policies: Tried<readonly Policy[]>;
  readonly place: Tried<VmPlace>;
  /** Absent when the policies are not known. */
  readonly planning: Tried<Planning> | undefined;
}

/** What a dry run found before it looks at rules and rights. */
export interface Findings {
  readonly source: Tried<RequestSource>;
  readonly vms: readonly VmFindings[];
  /** The plans of all VMs, or what the real run would fail with before it asks. */
  readonly plans: Tried<readonly VmPlan[]>;
}

/**
 * Looks up and plans as the real run does, and goes on after a failure. Rejects with bugs only.
 *
 * @param withRules whether the way to the security groups is read as well
 * @param own what earlier attempts of this step asked for
 */
export async function find(
  inputs: OpenPortsInputs,
  context: Context,
  withRules: boolean,
  own: readonly OwnPort[],
): Promise<Findings> {
  const [source, lists, places, allRead] = await withLimit(
    context.clock,
    context.signal,
    READ_MS,
    (limit) => {
      const place = (vm: VmId) => placeOf(context, vm, withRules, awaitsRules(inputs), limit);
      const readings = startReading(inputs, context, place, limit);
      return Promise.all([
        tried(readings.source),
        Promise.all(readings.policies.map(tried)),
        Promise.all(readings.places.map(tried)),
        // Of several failures the real run meets the one that is there first.
        tried(Promise.all([readings.source, ...readings.policies, ...readings.places])),
      ]);
    },
  );
  // Ports and duration can be checked without the source, as if Azure were to find it out.
  const wanted = source.kind === 'found' ? source.value : 'azure';
  const plan = async (vm: VmId, policies: readonly Policy[]) =>
    Promise.resolve(planOne({ inputs, source: wanted, own, azureNow: context.jit.azureNow() }, vm, policies));
  const plannings = await Promise.all(
    inputs.vms.map(async (vm, index) => {
      const list = lists[index];
      return list?.kind === 'found' ? tried(plan(vm, list.value)) : undefined;
    }),
  );
  const vms = inputs.vms.flatMap((vm, index): VmFindings[] => {
    const [policies, place] = [lists[index], places[index]];
    return policies && place ? [{ vm, policies, place, planning: plannings[index] }] : [];
  });
  const all = await tried(plansOf(inputs, allRead, plannings));
  return { source, vms, plans: all };
}

/** Where a VM sits. What of it is read for closing only does not keep the real run from asking. */
async function placeOf(
  { network }: Context,
  vm: VmId,
  withRules: boolean,
  awaited: boolean,
  limit: Limit,
): Promise<VmPlace> {
  try {
    return await readPlace(network, vm, withRules, limit);
  } catch (error) {
    if (awaited || !withRules || !(error instanceof CodedError)) throw error;
    return readPlace(network, vm, false, limit);
  }
}

/** The plans, unless something failed: in the order in which the real run would meet it. */
async function plansOf(
  { policyName }: OpenPortsInputs,
  allRead: Tried<unknown>,
  plannings: readonly (Tried<Planning> | undefined)[],
): Promise<readonly VmPlan[]> {
  for (const one of [allRead, ...plannings]) if (one?.kind === 'failed') throw one.failure;
  const planned = plannings.flatMap((one) => (one?.kind === 'found' ? [one.value] : []));
  return Promise.resolve(allPlans(planned, policyName));
}

async function tried<T>(work: Promise<T>): Promise<Tried<T>> {
  try {
    return { kind: 'found', value: await work };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { kind: 'failed', failure: error };
  }
}
