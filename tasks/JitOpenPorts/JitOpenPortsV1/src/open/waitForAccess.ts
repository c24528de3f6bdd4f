import { poll } from '../../../../shared/core/poll';
import * as say from '../messages/waiting';
import type { World } from '../context';
import type { Limit } from '../../../../shared/core/limits';
import type { Access, WaitedAccess } from '../plan/access';
import { createLook } from './checkAccess';
import { fail, NOTHING_SEEN, type Pending, type Wait } from '../plan/pending';
import { rememberVnets } from './vmNetwork';

/**
 * Waits until every access is open, the request behind it is over, or the time is. Looks at all of them in one
 * round, so that what they share is read once. A passing failure of Azure costs a round, not the wait; a missing
 * right to read the rules falls back to the request's own status. Rejects with bugs only.
 */
export async function waitForAccess(
  world: World,
  wait: Wait,
  accesses: readonly Access[],
  limit: Limit,
): Promise<readonly WaitedAccess[]> {
  const startedAt = world.clock.now();
  const waitedMs = () => world.clock.now() - startedAt;
  const ended: (WaitedAccess | undefined)[] = accesses.map(() => undefined);
  const vnets = rememberVnets(world.network, (error) => {
    world.log.warning(say.vnetUnknown(error));
  });
  let pending: readonly Pending[] = accesses.map((access, index) => ({
    index,
    access,
    ...NOTHING_SEEN,
    readable: wait.goal !== 'request' && wait.places.get(access.vm.key)?.filter !== undefined,
  }));

  await poll(world.clock, limit, async (round) => {
    const look = createLook(world, wait, vnets, round, limit);
    const looked = await Promise.all(pending.map(look));
    for (const seen of looked) {
      if ('waited' in seen) ended[seen.index] = { ...seen, waitedMs: waitedMs() };
    }
    pending = looked.flatMap((seen) => ('waited' in seen ? [] : [seen]));
    if (pending.length === 0) return true;
    if (!limit.signal.aborted) wait.onRound(pending, waitedMs());
    return undefined;
  });

  for (const left of pending) {
    const error = say.notOpenInTime(left, wait.goal, wait.timeoutMs);
    ended[left.index] = { ...fail(left, error), waitedMs: waitedMs() };
  }
  return ended.flatMap((waited) => waited ?? []);
}
