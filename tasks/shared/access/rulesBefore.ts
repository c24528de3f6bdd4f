import type { SecurityRule } from '../domain/network';
import { isJitRuleName } from '../domain/nsg/rules';
import { CodedError } from '../errors';
import { withLimit } from '../limits';
import type { World } from '../world';
import type { Place } from './vmNetwork';

/** How long to look for rules that are there before a request: eight seconds. */
const LOOK_MS = 8000;

/**
 * The allow rules with a name of the service that name a VM's address before anything is requested for it, by the VM's
 * key: what stays of them after the job is not this step's. A VM whose rules could not be read is missing.
 */
export async function readRulesBefore(
  { network, clock, signal }: World,
  places: readonly Place[],
): Promise<ReadonlyMap<string, readonly SecurityRule[]>> {
  const ids = new Set(places.flatMap(({ filter }) => filter?.groups.map(({ id }) => id.toLowerCase()) ?? []));
  const groups = new Map<string, readonly SecurityRule[]>();
  await withLimit(clock, signal, LOOK_MS, (limit) =>
    Promise.all(
      [...ids].map(async (id) => {
        try {
          groups.set(id, (await network.getSecurityGroup(id, limit)).rules);
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
        }
      }),
    ),
  );
  const found = places.flatMap(({ vm, filter }) => {
    const rules = filter?.groups.map(({ id }) => groups.get(id.toLowerCase()));
    if (!filter || !rules || rules.includes(undefined)) return [];
    const named = rules
      .flatMap((one) => one ?? [])
      .filter(
        ({ access, name, destinations }) =>
          access === 'Allow' &&
          isJitRuleName(name) &&
          destinations.some((prefix) => prefix.replace(/\/32$/, '') === filter.privateIpAddress),
      );
    return [[vm.key, named] as const];
  });
  return new Map(found);
}
