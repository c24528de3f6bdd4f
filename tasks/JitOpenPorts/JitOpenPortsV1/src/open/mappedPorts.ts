import { warnEach } from '../../../../shared/core/crowd';
import { CodedError } from '../../../../shared/core/errors';
import { groupBy } from '../../../../shared/core/groupBy';
import type { Limit } from '../../../../shared/core/limits';
import type { Policy } from '../../../../shared/core/policy';
import { findGrantedPort } from '../../../../shared/core/requests';
import type { Context } from '../context';
import { moreWithoutMappedPort, withoutMappedPort } from '../messages/connecting';
import type { Access } from '../plan/access';
import type { Endpoint, VmPlace } from '../plan/place';

/** The pauses before each read of a policy, in milliseconds. A request needs about four seconds to be initiated. */
const PAUSES_MS = [0, 2000, 4000];

/** An access to a VM for which the policy names a firewall, although the response names no port of it. */
interface Unmapped {
  readonly access: Access;
  readonly host: string;
}

/**
 * Returns the places with the ports of the firewall that only the policy's own entries of the requests have: the
 * response to a request that is not initiated yet can lack them. Warns of each port for which there is none.
 */
export async function findMappedPorts(
  context: Pick<Context, 'jit' | 'clock' | 'log' | 'signal'>,
  accesses: readonly Access[],
  places: ReadonlyMap<string, VmPlace>,
  limit: Limit,
): Promise<ReadonlyMap<string, VmPlace>> {
  let left = accesses.flatMap(toUnmapped);
  const found = new Map<Access, Endpoint>();
  for (const pauseMs of left.length > 0 ? PAUSES_MS : []) {
    await context.clock.sleep(pauseMs, limit.signal);
    if (limit.signal.aborted || left.length === 0) break;
    const policies = await readPolicies(context, left, limit);
    for (const { access, host } of left) {
      const policy = policies.get(access.policy.id.toLowerCase());
      const port = policy && findGrantedPort(policy, access)?.mappedPort;
      if (port !== undefined) found.set(access, { host, port });
    }
    left = left.filter(({ access }) => !found.has(access));
  }
  if (!context.signal.aborted) {
    const unmapped = left.map((one) => ({ ...one, vm: one.access.vm }));
    warnEach(
      context.log,
      unmapped,
      ({ access, host }) => withoutMappedPort(access, host),
      moreWithoutMappedPort,
    );
  }
  return found.size === 0 ? places : withFirewalls(places, found);
}

function toUnmapped(access: Access): readonly Unmapped[] {
  const { firewall, policy, vm } = access;
  const named = policy.vms.find((entry) => entry.vm.key === vm.key && entry.publicIpAddress);
  return firewall === undefined && named?.publicIpAddress ? [{ access, host: named.publicIpAddress }] : [];
}

/** Reads each policy once. One that cannot be read is left out. */
async function readPolicies(
  { jit }: Pick<Context, 'jit'>,
  unmapped: readonly Unmapped[],
  limit: Limit,
): Promise<ReadonlyMap<string, Policy>> {
  const byId = groupBy(unmapped, ({ access }) => access.policy.id.toLowerCase());
  const read = await Promise.all(
    [...byId].map(async ([id, [first]]): Promise<readonly [string, Policy][]> => {
      if (!first) return [];
      try {
        return [[id, await jit.getPolicy(first.access.policy, limit)]];
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        return [];
      }
    }),
  );
  return new Map(read.flat());
}

function withFirewalls(
  places: ReadonlyMap<string, VmPlace>,
  found: ReadonlyMap<Access, Endpoint>,
): ReadonlyMap<string, VmPlace> {
  const byVm = groupBy(found, ([access]) => access.vm.key);
  const changed = [...places].map(([key, place]): [string, VmPlace] => {
    const own = byVm.get(key);
    if (!own) return [key, place];
    return [key, { ...place, firewalls: new Map(own.map(([{ port }, at]) => [port, at])) }];
  });
  return new Map(changed);
}
