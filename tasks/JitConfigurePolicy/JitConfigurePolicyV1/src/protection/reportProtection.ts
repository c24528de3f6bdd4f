import type { VmDifference } from '../plan/policyPorts';
import { logEach, warnEach } from '../../../../shared/core/crowd';
import { groupBy } from '../../../../shared/core/groupBy';
import { apart, portName, together, type RulePort } from '../plan/portRules';
import type { VmId } from '../../../../shared/core/resourceIds';
import { withLimit } from '../../../../shared/core/limits';
import * as say from '../messages/protection';
import type { ConfigureContext } from '../context';
import { findAlwaysAllowed, findOpenings, findOpenOverIpv6 } from './openings';
import { findUnprotected } from './protection';
import { readFilters, type Filters } from './readFilters';

/** How long reading what filters the VMs can take, in milliseconds. The run does not depend on it. */
const READ_MS = 20_000;

/** A VM with ports that are in its policies, or that were removed from them. */
interface CoveredVm {
  readonly vm: VmId;
  readonly ports: readonly RulePort[];
}

/** Warns of VMs under a policy that just-in-time access cannot protect, and of their ports that are always allowed. */
export async function warnOfUnprotected(
  context: ConfigureContext,
  covered: readonly CoveredVm[],
): Promise<void> {
  const { read } = await readAround(
    context,
    eachOnce(covered).map(({ vm }) => vm),
  );
  const { log } = context;
  const portsOf = portsByVm(covered);
  const unprotected = read.flatMap(({ vm, places }) => {
    const found = findUnprotected(places);
    return found ? [{ vm, found }] : [];
  });
  warnEach(log, unprotected, ({ vm, found }) => say.unprotected(vm, found), say.moreUnprotected);
  const allowed = read.flatMap(({ vm, places }) =>
    findAlwaysAllowed(places, portsOf(vm)).map((opening) => ({ vm, opening })),
  );
  warnEach(log, allowed, ({ vm, opening }) => say.alwaysAllowed(vm, opening), say.moreOpenings);
}

/**
 * Logs that the service's deny rules are removed together with ports of a policy, and what the other rules then open.
 * Also logs what these open over IPv6, although the removal does not change it.
 *
 * @param kept VMs with ports that a policy still has, so that their deny rules stay
 */
export async function logOpened(
  context: ConfigureContext,
  differences: readonly VmDifference[],
  kept: readonly CoveredVm[],
): Promise<void> {
  const { log } = context;
  const keptOf = portsByVm(kept);
  const removed = eachOnce(
    differences
      .map(({ vm, ports }) => ({ vm, ports: removedPorts(ports, keptOf(vm)) }))
      .filter(({ ports }) => ports.length > 0),
  );
  const removedOf = portsByVm(removed);
  const { read, unread } = await readAround(
    context,
    removed.map(({ vm }) => vm),
  );
  const found = read
    .filter(({ places }) => places.some(({ network }) => network.groups.length > 0))
    .map(({ vm, places }) => {
      const ports = removedOf(vm);
      return { vm, openings: findOpenings(places, ports), overIpv6: findOpenOverIpv6(places, ports) };
    });
  const lines = found.flatMap(({ vm, openings }) => [
    { vm, text: say.denyRulesGo(vm, openings) },
    ...openings
      .filter(({ internet, sources }) => internet === 'none' && sources.length > 0)
      .map((opening) => ({ vm, text: say.opened(vm, opening) })),
  ]);
  const unreadLines = unread.map((vm) => ({
    ...{ vm, text: say.denyRulesGoUnread(vm, together(removedOf(vm))) },
  }));
  const count = found.length + unread.length;
  logEach(log, say.denyRulesGoMany(count), [...lines, ...unreadLines], ({ text }) => text);
  const warnings = found.flatMap(({ vm, openings, overIpv6 }) => [
    ...openings
      .filter(({ internet }) => internet !== 'none')
      .map((opening) => ({ vm, text: say.opened(vm, opening) })),
    ...overIpv6.map((opening) => ({ vm, text: say.openOverIpv6(vm, opening) })),
  ]);
  warnEach(log, warnings, ({ text }) => text, say.moreOpenings);
}

/** Combines the entries of a VM that several policies list, with the ports of all of them. */
const eachOnce = (vms: readonly CoveredVm[]): readonly CoveredVm[] =>
  [...groupBy(vms, ({ vm }) => vm.key).values()].flatMap(([first, ...others]) =>
    first ? [{ vm: first.vm, ports: [first, ...others].flatMap(({ ports }) => ports) }] : [],
  );

/** Returns what the policy does not have after the change, by port and protocol. */
const removedPorts = (ports: VmDifference['ports'], kept: readonly RulePort[]): readonly RulePort[] => {
  const left = apart([...kept, ...ports.flatMap(({ after }) => after ?? [])]).map(portName);
  return apart(ports.flatMap(({ before }) => before ?? [])).filter((one) => !left.includes(portName(one)));
};

/** Returns a function that returns the ports of a VM in all its entries. */
function portsByVm(covered: readonly CoveredVm[]): (vm: VmId) => readonly RulePort[] {
  const byVm = groupBy(covered, ({ vm }) => vm.key);
  return ({ key }) => (byVm.get(key) ?? []).flatMap(({ ports }) => ports);
}

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
