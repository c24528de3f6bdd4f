import { isAbsence, kindOf } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { groupBy } from '../../../../shared/core/groupBy';
import { oddEntriesOf } from '../../../../shared/core/oddEntries';
import type { Policy, ListedPolicy } from '../../../../shared/core/policy';
import { groupIdOf, toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import { idsAround, inScopes, toScope, type Scope } from '../../../../shared/core/scopes';
import type { Inventory } from '../azure/inventory';
import type { ListedVm } from '../../../../shared/core/resources';
import { oddEntriesLeftOut } from '../../../../shared/messages/oddEntries';
import { inPool } from '../../../../shared/core/pool';
import type { Limit } from '../../../../shared/core/limits';
import { createCallCollector } from '../judge/calls';
import type { Gaps } from './gaps';
import { AT_ONCE, gatherNetwork } from './gatherNetwork';
import type { Assessment } from '../../../../shared/view/report';
import type { Gathered, Period } from '../judge/gathered';

/** The Activity Log refuses a start that is as old as its oldest entries. In milliseconds: 90 days minus 15 minutes. */
const LOG_KEPT_MS = 90 * 86_400_000 - 900_000;
/** Azure's clock is known to the second, and its services have several clocks. In milliseconds. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Returns the VMs of the scopes, each once. Throws JIT406 for a scope that does not exist, even if it is inside another
 * one: otherwise, a mistake in its name would go unnoticed.
 *
 * @param inner the scopes that are inside other ones
 * @param onGone called with each VM of the scopes that does not exist; without it, such a VM is a mistake
 */
export async function gatherVms(
  inventory: Inventory,
  scopes: readonly Scope[],
  inner: readonly Scope[],
  gaps: Gaps,
  limit: Limit,
  onGone?: (vm: VmId) => void,
): Promise<readonly ListedVm[]> {
  const vms = new Map<string, ListedVm>();
  const readVm = async (vm: VmId): Promise<void> => {
    try {
      vms.set(vm.key, await inventory.vm(vm, limit));
    } catch (error) {
      if (!onGone || !(error instanceof CodedError) || !isAbsence(error)) throw error;
      onGone(vm);
    }
  };
  const read = async (scope: Scope): Promise<void> => {
    if (scope.kind === 'vm') {
      await readVm(scope.vm);
      return;
    }
    const group = scope.kind === 'group' ? scope.resourceGroup : undefined;
    for await (const page of inventory.vms(scope.subscriptionId, group, limit)) {
      for (const vm of page) vms.set(vm.vm.key, vm);
    }
  };
  const readAll = (some: readonly Scope[]) =>
    inPool(some, AT_ONCE, (scope) => gaps.attempt('vms', scope.id, () => read(scope)));
  await readAll(scopes);
  // A scope in which a VM was found exists. The others are read to check that they exist, and contain no further VM.
  const found = new Set([...vms.values()].flatMap(({ vm }) => idsAround(vm.id)));
  await readAll(inner.filter(({ id }) => !found.has(id.toLowerCase())));
  return [...vms.values()];
}

/** Reads everything around the VMs. Throws only errors after which no report is possible. */
export async function gatherAround(
  inventory: Inventory,
  scopes: readonly Scope[],
  vms: readonly ListedVm[],
  period: Period,
  gaps: Gaps,
  limit: Limit,
): Promise<Gathered> {
  const whole = new Set(
    scopes.flatMap(({ kind, subscriptionId }) =>
      kind === 'subscription' ? subscriptionId.toLowerCase() : [],
    ),
  );
  const subscriptions = [...new Set(scopes.map(({ subscriptionId }) => subscriptionId.toLowerCase()))];
  const catalogue = await gatherNetwork(inventory, vms, whole, gaps, limit);
  const { policies, unreadGroups } = await gatherPolicies(inventory, scopes, vms, period, gaps, limit);
  const assessments = new Map<string, Assessment>();
  const calls = createCallCollector();
  const groups = groupsOf(scopes);
  await inPool(subscriptions, AT_ONCE, async (id) => {
    const scope = toGroupId(id);
    await gaps.attempt('assessments', scope, async () => {
      for await (const page of inventory.assessments(id, limit)) {
        for (const { vmKey, status, cause } of page) assessments.set(vmKey, { status, cause });
      }
    });
    await gaps.attempt('activityLog', scope, async () => {
      const from = Math.max(period.from, period.to - LOG_KEPT_MS);
      for await (const page of inventory.calls(id, from, period.to + CLOCK_SLACK_MS, limit)) {
        calls.add(page.filter(({ policyId }) => inScopes(groups, groupIdOf(policyId))));
      }
    });
  });
  return { vms, catalogue, policies, unreadGroups, assessments, calls: calls.all() };
}

/** Returns the scopes in which a policy might be about VMs of these scopes: it is in the resource group of its VMs. */
const groupsOf = (scopes: readonly Scope[]): readonly Scope[] =>
  scopes.flatMap((scope) =>
    scope.kind === 'vm' ? (toScope(scope.subscriptionId, scope.vm.resourceGroup) ?? []) : scope,
  );

/**
 * Notes the entries of a policy that cannot be interpreted, except for expired requests. The report contains the rest.
 */
function noteOdd(policy: Policy, azureNow: number, gaps: Gaps): void {
  const found = oddEntriesOf([policy]).filter(
    ({ entry }) => entry.part !== 'request' || entry.mayLastUntil > azureNow,
  );
  if (found.length > 0) gaps.noteEntries('policies', policy.id, oddEntriesLeftOut(found));
}

/**
 * Reads the policies of each resource group that has VMs or that a scope names. The list of a subscription omits
 * policies without notice.
 */
async function gatherPolicies(
  inventory: Inventory,
  scopes: readonly Scope[],
  vms: readonly ListedVm[],
  period: Period,
  gaps: Gaps,
  limit: Limit,
): Promise<Pick<Gathered, 'policies' | 'unreadGroups'>> {
  const policies = new Map<string, ListedPolicy>();
  const unreadGroups = new Set<string>();
  const named = scopes.flatMap((scope) =>
    scope.kind === 'group'
      ? { subscriptionId: scope.subscriptionId, resourceGroup: scope.resourceGroup }
      : [],
  );
  const groups = groupBy([...vms.map(({ vm }) => vm), ...named], ({ subscriptionId, resourceGroup }) =>
    toGroupId(subscriptionId, resourceGroup).toLowerCase(),
  );
  await inPool([...groups], AT_ONCE, async ([id, [first]]) => {
    if (!first) return;
    const failure = await gaps.attempt('policies', id, async () => {
      for await (const page of inventory.policies(first.subscriptionId, first.resourceGroup, limit)) {
        for (const found of page) {
          policies.set(found.id.toLowerCase(), found);
          if ('failure' in found) gaps.note('policies', found.id, found.failure);
          else noteOdd(found.policy, period.to, gaps);
        }
      }
    });
    // If Defender is off, there are no policies.
    if (failure && kindOf(failure) !== 'defenderOff') unreadGroups.add(id);
  });
  return { policies: [...policies.values()], unreadGroups };
}
