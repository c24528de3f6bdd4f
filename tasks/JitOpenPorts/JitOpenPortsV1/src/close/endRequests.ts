import type { Policy, PolicyRef } from '../../../../shared/core/policy';
import { type Limit } from '../../../../shared/core/limits';
import type { Context } from '../context';
import type { Closing } from '../plan/closed';
import { isStillActive, ownPort, settleAll, sourcesToShut, toOwnPorts } from '../plan/ownRequests';
import type { NotedPort } from '../plan/state';
import { readPolicy } from './readPolicyToEnd';
import { Ending } from './ending';
import * as say from '../messages/closing';

/** Asks Azure to end the requests of one policy early, and tells which rules must then be checked. */
export async function endRequests(
  context: Context,
  ref: PolicyRef,
  all: readonly NotedPort[],
  reason: string,
  limit: Limit,
): Promise<readonly Closing[]> {
  const entries = all.filter(isOpen);
  try {
    const policy = await readPolicy(context, ref, entries, limit);
    return await endUnder(context, policy, all, reason, limit);
  } catch (error) {
    // A policy that is gone takes its requests with it; whatever else it is, the rules tell the truth.
    return entries.map((opened) => ({
      ...{ opened, sources: sourcesToShut(opened), policy: undefined, own: toOwnPorts(all), made: [] },
      ...{ shutFrom: 0, trouble: say.toFailure(error), kept: undefined },
      ...{ isNeeded: opened.others !== undefined, isListed: undefined, isUnseen: false },
    }));
  }
}

const isOpen = ({ over }: NotedPort): boolean => over === undefined;

async function endUnder(
  context: Context,
  policy: Policy,
  all: readonly NotedPort[],
  reason: string,
  limit: Limit,
): Promise<readonly Closing[]> {
  const entries = all.filter(isOpen);
  const over = all.filter((entry) => entry.over !== undefined);
  const settled = settleAll(entries, policy, context.jit.azureNow());
  const known = settled.filter((entry) => entry !== undefined);
  const unlisted = entries.filter((_, index) => settled[index] === undefined);
  const unseen = new Set(known.filter((entry) => isUnseen(entry, policy, context.jit.azureNow())));
  const ending = new Ending(context, policy, known, toOwnPorts(over), reason, limit);
  await ending.end();
  const toClosing = (opened: NotedPort, isListed: boolean): Closing => ({
    ...{ opened, sources: sourcesToShut(opened), policy: ending.policy, own: ending.own, isListed },
    made: ending.made,
    shutFrom: ending.nearEnds.get(opened) ?? 0,
    trouble: ending.troubles.get(opened),
    kept: ending.kept.get(opened),
    isNeeded: ending.needed.has(opened),
    // As the policy was before: what is ended now may be shown no more.
    isUnseen: unseen.has(opened),
  });
  return [
    ...known.map((opened) => toClosing(opened, true)),
    ...unlisted.map((opened) => toClosing(opened, false)),
  ];
}

/** Whether a policy does not show a request that Azure has granted, nor one that makes no sense and may be it. */
const isUnseen = (entry: NotedPort, policy: Policy, azureNow: number): boolean =>
  entry.startedAt !== undefined && !ownPort(entry, policy) && !isStillActive(entry, policy, azureNow);
