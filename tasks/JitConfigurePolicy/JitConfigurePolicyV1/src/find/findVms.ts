import { entriesOf } from '../plan/policyChange';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { groupBy } from '../../../../shared/core/groupBy';
import { parseVmId, sameId, toVmId, type VmId } from '../../../../shared/core/resourceIds';
import * as say from '../messages/policies';
import * as failures from '../messages/policyFailures';
import type { PolicyRef } from '../../../../shared/core/policy';
import { inPool } from '../../../../shared/core/pool';
import type { Limit } from '../../../../shared/core/limits';
import type { ConfigureContext } from '../context';
import { policyNameFor, type VmPattern, type ConfigureInputs } from '../plan/inputs';

/** How many resource groups are read at the same time. */
const AT_ONCE = 4;

/**
 * Returns the VMs of the inputs, each once and in their order. Logs the names and the number of VMs that each pattern
 * matches. Throws JIT101 if patterns match more VMs than `maxVms`.
 */
export async function findVms(
  inputs: ConfigureInputs,
  context: ConfigureContext,
  limit: Limit,
): Promise<readonly VmId[]> {
  const found = new Map<string, VmId>();
  const byPattern = new Set<string>();
  for (const { vm, pattern } of inputs.vms) {
    const { vms, others } = pattern
      ? await vmsOf(pattern, inputs, context, limit)
      : { vms: [vm], others: [] };
    if (pattern) logPattern(context, pattern, vms, others, inputs);
    for (const one of vms) {
      if (pattern) byPattern.add(one.key);
      found.set(one.key, found.get(one.key) ?? one);
    }
  }
  if (byPattern.size > inputs.maxVms) throw failures.tooManyVms(byPattern.size, inputs.maxVms);
  return [...found.values()];
}

/**
 * Returns the VMs of a query that exist, and warns of the others. With `remove`, returns all of them, because a policy
 * can list VMs that no longer exist. Throws JIT406 if no VM is left.
 */
export async function withoutGoneVms(
  { action }: ConfigureInputs,
  vms: readonly VmId[],
  { policies, log }: ConfigureContext,
  limit: Limit,
): Promise<readonly VmId[]> {
  if (action === 'remove') return vms;
  const among = policies.vmsAmong(vms);
  const gone = new Set<VmId>();
  let failure: CodedError | undefined;
  await Promise.all(
    vms.map(async (vm) => {
      try {
        await among.getVm(vm, limit);
      } catch (error) {
        if (!(error instanceof CodedError) || !isAbsence(error)) throw error;
        failure ??= error;
        gone.add(vm);
      }
    }),
  );
  if (failure && gone.size === vms.length) throw failure;
  if (gone.size > 0) log.warning(say.goneFromQuery([...gone]));
  return vms.filter((vm) => !gone.has(vm));
}

/** Returns all VMs that exist. With `remove`, returns the VMs that policies list, even if they no longer exist. */
async function vmsOf(
  { subscriptionId, resourceGroup }: VmPattern,
  inputs: ConfigureInputs,
  context: ConfigureContext,
  limit: Limit,
): Promise<ListedVms> {
  const place = { subscriptionId, inputs, context, limit };
  if (inputs.action === 'remove' && resourceGroup !== undefined) return listedIn(resourceGroup, place);
  const there = await context.policies.listVms(subscriptionId, resourceGroup, limit);
  if (inputs.action === 'ensure') {
    // Azure does not preserve the case of a resource group.
    const vms = there.map((vm) => toVmId(subscriptionId, resourceGroup ?? vm.resourceGroup, vm.name));
    return { vms, others: [] };
  }
  // A list of policies for a whole subscription can omit some of them (azure-powershell#23074).
  const groups = [...groupBy(there, (vm) => vm.resourceGroup.toLowerCase()).keys()];
  const found = await inPool(groups, AT_ONCE, (group) => listedIn(group, place));
  return { vms: found.flatMap(({ vms }) => vms), others: found.flatMap(({ others }) => others) };
}

/** The VMs that a pattern matches. */
interface ListedVms {
  readonly vms: readonly VmId[];
  /** The policies that list VMs there, except the named one. */
  readonly others: readonly PolicyRef[];
}

interface GroupPlace {
  readonly subscriptionId: string;
  readonly inputs: ConfigureInputs;
  readonly context: ConfigureContext;
  readonly limit: Limit;
}

/** Returns the VMs in those policies of a resource group that the inputs select. */
async function listedIn(
  group: string,
  { subscriptionId, inputs, context, limit }: GroupPlace,
): Promise<ListedVms> {
  const list = await context.policies.list(subscriptionId, group, limit);
  const listed = list.flatMap(({ policy, body }) =>
    entriesOf(body)
      .flatMap(({ id }) => (typeof id === 'string' ? (parseVmId(id) ?? []) : []))
      .map((vm) => (sameId(vm.resourceGroup, group) ? toVmId(subscriptionId, group, vm.name) : vm))
      .map((vm) => ({ vm, policy, isMeant: sameId(policy.name, policyNameFor(inputs, vm) || policy.name) })),
  );
  const others = listed.filter(({ isMeant }) => !isMeant).map(({ policy }) => policy);
  return { vms: listed.flatMap(({ vm, isMeant }) => (isMeant ? [vm] : [])), others: [...new Set(others)] };
}

function logPattern(
  { log }: ConfigureContext,
  { text }: VmPattern,
  vms: readonly VmId[],
  others: readonly PolicyRef[],
  { action, policyName }: ConfigureInputs,
): void {
  if (vms.length === 0) {
    log.warning(
      others.length > 0 ? say.patternNotInNamed(text, policyName, others) : say.patternEmpty(text, action),
    );
    return;
  }
  log.group(say.patternText(text, vms.length, action));
  for (const vm of vms) log.line(say.vmText(vm));
  log.endGroup();
}
