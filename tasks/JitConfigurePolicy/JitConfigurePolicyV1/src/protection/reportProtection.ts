import type { VmDifference, WantedVm } from '../plan/policyPorts';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { PortRule } from '../../../../shared/core/policy';
import { withLimit } from '../../../../shared/core/limits';
import * as say from '../messages/protection';
import type { ConfigureContext } from '../context';
import { findAlwaysAllowed, findOpenings, findUnprotected } from './protection';
import { readFilters, type Filters } from './readFilters';

/** How long reading what filters the VMs may take: the run does not depend on it. */
const READ_MS = 20_000;

/** Warns of VMs under a policy that just-in-time access cannot protect, and of ports of theirs. */
export async function warnOfUnprotected(
  context: ConfigureContext,
  wanted: readonly Pick<WantedVm, 'vm' | 'rules'>[],
): Promise<void> {
  const { read } = await readAround(
    context,
    wanted.map(({ vm }) => vm),
  );
  for (const { vm, places } of read) {
    const found = findUnprotected(places);
    if (found) context.log.warning(say.unprotected(vm, found));
    const rules = wanted.flatMap((one) => (one.vm.key === vm.key ? one.rules : []));
    for (const opening of findAlwaysAllowed(places, rules))
      context.log.warning(say.alwaysAllowed(vm, opening));
  }
}

/**
 * Says that the service's deny rules go with the ports that were taken from a policy, and what the other rules open then.
 *
 * @param elsewhere keys of VMs that another policy lists, whose deny rules may stay
 */
export async function logOpened(
  context: ConfigureContext,
  differences: readonly VmDifference[],
  elsewhere: ReadonlySet<string>,
): Promise<void> {
  const { log } = context;
  const removed = differences
    .filter(({ vm }) => !elsewhere.has(vm.key))
    .map(({ vm, ports }) => ({ vm, rules: removedRules(ports) }))
    .filter(({ rules }) => rules.length > 0);
  const { read } = await readAround(
    context,
    removed.map(({ vm }) => vm),
  );
  for (const { vm, places } of read) {
    const rules = removed.find((one) => one.vm.key === vm.key)?.rules ?? [];
    if (!places.some(({ network }) => network.groups.length > 0)) continue;
    const openings = findOpenings(places, rules);
    log.line(say.denyRulesGo(vm, openings));
    for (const opening of openings) {
      if (opening.internet !== 'none') log.warning(say.opened(vm, opening));
      else if (opening.sources.length > 0) log.line(say.opened(vm, opening));
    }
  }
}

/** The rules of ports that are in the policy no more. */
const removedRules = (ports: VmDifference['ports']): readonly PortRule[] => {
  const rules = ports.flatMap(({ before }) => before ?? []);
  const kept = ports.flatMap(({ after }) => after?.port ?? []);
  return rules.filter(({ port }) => !kept.includes(port));
};

async function readAround(context: ConfigureContext, vms: readonly VmId[]): Promise<Filters> {
  const { surroundings, clock, signal, log } = context;
  const nothing = {
    read: [],
    unread: [],
    trouble: undefined,
    withoutAdminRules: [],
    adminTrouble: undefined,
  };
  if (vms.length === 0) return nothing;
  const filters = await withLimit(clock, signal, READ_MS, (limit) => readFilters(surroundings, vms, limit));
  if (filters.trouble) log.line(say.filtersNotRead(filters.unread, filters.trouble));
  const { withoutAdminRules, adminTrouble } = filters;
  if (adminTrouble) log.line(say.adminRulesNotRead(withoutAdminRules, adminTrouble));
  return filters;
}
