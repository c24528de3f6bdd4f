import type { VmDifference } from '../plan/policyPorts';
import { logEach } from '../../../../shared/core/crowd';
import { groupBy } from '../../../../shared/core/groupBy';
import { apart, portName, type RulePort } from '../plan/portRules';
import type { VmId } from '../../../../shared/core/resourceIds';
import { withLimit } from '../../../../shared/core/limits';
import * as say from '../messages/protection';
import type { ConfigureContext } from '../context';
import { findAlwaysAllowed, findOpenings, findUnprotected } from './protection';
import { readFilters, type Filters } from './readFilters';

/** How long reading what filters the VMs may take: the run does not depend on it. */
const READ_MS = 20_000;

/** A VM with ports that are in its policies, or are in them no more. */
interface CoveredVm {
  readonly vm: VmId;
  readonly ports: readonly RulePort[];
}

/** Warns of VMs under a policy that just-in-time access cannot protect, and of ports of theirs that it has. */
export async function warnOfUnprotected(
  context: ConfigureContext,
  covered: readonly CoveredVm[],
): Promise<void> {
  const { read } = await readAround(
    context,
    covered.map(({ vm }) => vm),
  );
  for (const { vm, places } of read) {
    const found = findUnprotected(places);
    if (found) context.log.warning(say.unprotected(vm, found));
    const ports = covered.flatMap((one) => (one.vm.key === vm.key ? one.ports : []));
    for (const opening of findAlwaysAllowed(places, ports))
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
  const removed = eachOnce(
    differences
      .filter(({ vm }) => !elsewhere.has(vm.key))
      .map(({ vm, ports }) => ({ vm, ports: removedPorts(ports) }))
      .filter(({ ports }) => ports.length > 0),
  );
  const { read } = await readAround(
    context,
    removed.map(({ vm }) => vm),
  );
  const found = read.flatMap(({ vm, places }) => {
    const ports = removed.find((one) => one.vm.key === vm.key)?.ports ?? [];
    const isFiltered = places.some(({ network }) => network.groups.length > 0);
    return isFiltered ? { vm, openings: findOpenings(places, ports) } : [];
  });
  const lines = found.flatMap(({ vm, openings }) => [
    { vm, text: say.denyRulesGo(vm, openings) },
    ...openings
      .filter(({ internet, sources }) => internet === 'none' && sources.length > 0)
      .map((opening) => ({ vm, text: say.opened(vm, opening) })),
  ]);
  logEach(log, say.denyRulesGoMany(found.length), lines, ({ text }) => text);
  for (const { vm, openings } of found)
    for (const opening of openings) if (opening.internet !== 'none') log.warning(say.opened(vm, opening));
}

/** A VM that several policies list, with the ports of all of them. */
const eachOnce = (vms: readonly CoveredVm[]): readonly CoveredVm[] =>
  [...groupBy(vms, ({ vm }) => vm.key).values()].flatMap(([first, ...others]) =>
    first ? [{ vm: first.vm, ports: [first, ...others].flatMap(({ ports }) => ports) }] : [],
  );

/** What is in the policy no more, port by port and protocol by protocol. */
const removedPorts = (ports: VmDifference['ports']): readonly RulePort[] => {
  const kept = apart(ports.flatMap(({ after }) => after ?? [])).map(portName);
  return apart(ports.flatMap(({ before }) => before ?? [])).filter((one) => !kept.includes(portName(one)));
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
