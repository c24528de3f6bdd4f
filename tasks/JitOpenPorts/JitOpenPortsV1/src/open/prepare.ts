import { CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import type { Policy } from '../../../../shared/core/policy';
import type { OwnPort } from '../../../../shared/core/requests';
import { toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import type { NetworkGateway } from '../azure/networkGateway';
import type { Context } from '../context';
import * as say from '../messages/opening';
import type { Findings, RequestSource, Tried, VmFindings } from '../plan/findings';
import type { OpenPortsInputs } from '../plan/inputs';
import type { VmPlace } from '../plan/place';
import { findLeftOut, plansOf } from './leaveOut';
import { logPlans, planOne, warnOfOddEntries } from './planVms';
import { findSourceAddress } from './sourceAddress';
import { readPlace } from './vmNetwork';

/** How long reading can take, with every pause that Azure requests: two minutes. */
const READ_MS = 120_000;

/** Options of the preparation, which depend on what follows it. */
export interface Preparation {
  /**
   * Whether a failure that ends a run ends the preparation. Otherwise, everything else is still read, and every failure
   * is kept.
   */
  readonly stopsAtFailure: boolean;
  /** Whether the subnets, which lead to the NSGs, are also read. */
  readonly withRules: boolean;
}

/** Whether a run waits for the rules to allow the source. */
export const awaitsRules = ({ waitFor }: OpenPortsInputs): boolean =>
  waitFor === 'rule' || waitFor === 'connection';

/**
 * Runs the first part of every run, dry or not: reads source, policies, and places at the same time, plans for each VM,
 * and logs what the policies allow. Throws a `CodedError` if it stops at failures, and otherwise only bugs.
 *
 * @param own what earlier attempts of this step requested
 */
export async function prepare(
  inputs: OpenPortsInputs,
  context: Context,
  own: readonly OwnPort[],
  preparation: Preparation,
): Promise<Findings> {
  const { log, jit } = context;
  log.progress(5, 'Looking up');
  log.line(say.reading(inputs.vms));
  const { source, policies, places, all } = await readAll(inputs, context, preparation);
  // Ports and duration can be checked without the source, as if Azure were to choose it.
  const wanted = source.kind === 'found' ? source.value : 'azure';
  const lists = policies.flatMap((list) => (list.kind === 'found' ? [list.value] : []));
  if (lists.length > 0) warnOfOddEntries(inputs, log, lists, jit.azureNow());
  const vms = inputs.vms.flatMap((vm, index): VmFindings[] => {
    const [list, place] = [policies[index], places[index]];
    if (!list || !place) return [];
    // Azure's time is used only after a list was read: without a response, there is no time, and the failure of the
    // read says why.
    const plan = (policies: readonly Policy[]) =>
      planOne({ inputs, source: wanted, own, azureNow: jit.azureNow() }, vm, policies);
    const planning = list.kind === 'found' ? attempt(() => plan(list.value)) : undefined;
    return [{ vm, policies: list, place, planning }];
  });
  const leftOut = inputs.onPartial === 'continue' ? findLeftOut(inputs, source, vms) : [];
  const plans = attempt(() => plansOf(inputs, all, vms, leftOut));
  if (plans.kind === 'failed' && preparation.stopsAtFailure) throw plans.failure;
  if (source.kind === 'found' && plans.kind === 'found') logPlans(inputs, log, source.value, plans.value);
  return { source, vms, plans, leftOut };
}

/** Starts all reads at the same time. `all` is failed if any read fails, with the first failure. */
function readAll(
  inputs: OpenPortsInputs,
  context: Context,
  { stopsAtFailure, withRules }: Preparation,
): Promise<{
  readonly source: Tried<RequestSource>;
  /** One for each VM, in the order of the inputs. VMs of one resource group have the same. */
  readonly policies: readonly Tried<readonly Policy[]>[];
  readonly places: readonly Tried<VmPlace>[];
  readonly all: Tried<unknown>;
}> {
  return withLimit(context.clock, context.signal, READ_MS, async (limit) => {
    const lists = new Map<string, Promise<readonly Policy[]>>();
    const list = (vm: VmId) => {
      const key = toGroupId(vm.subscriptionId, vm.resourceGroup).toLowerCase();
      const listing = lists.get(key) ?? context.jit.listPolicies(vm.subscriptionId, vm.resourceGroup, limit);
      lists.set(key, listing);
      return listing;
    };
    const source = findSource(inputs, context, limit);
    const policies = inputs.vms.map(list);
    const network = context.network.among(inputs.vms);
    const places = inputs.vms.map((vm) => placeOf(network, vm, withRules, awaitsRules(inputs), limit));
    const all = Promise.all([source, ...policies, ...places]);
    if (stopsAtFailure && inputs.onPartial === 'fail') await all;
    const [trySource, tryPolicies, tryPlaces, tryAll] = await Promise.all([
      tried(source),
      Promise.all(policies.map(tried)),
      Promise.all(places.map(tried)),
      tried(all),
    ]);
    return { source: trySource, policies: tryPolicies, places: tryPlaces, all: tryAll };
  });
}

async function findSource(
  { source, ipEchoUrls }: OpenPortsInputs,
  context: Context,
  limit: Limit,
): Promise<RequestSource> {
  if (source !== 'agent') return source;
  const address = await findSourceAddress(context, ipEchoUrls, limit);
  context.log.line(say.agentAddress(address.text));
  return [address];
}

/** Reads the place of a VM in its network. What is read only for closing never prevents the request. */
async function placeOf(
  network: NetworkGateway,
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

async function tried<T>(work: Promise<T>): Promise<Tried<T>> {
  try {
    return { kind: 'found', value: await work };
  } catch (error) {
    return { kind: 'failed', failure: coded(error) };
  }
}

function attempt<T>(work: () => T): Tried<T> {
  try {
    return { kind: 'found', value: work() };
  } catch (error) {
    return { kind: 'failed', failure: coded(error) };
  }
}

function coded(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  throw error;
}
