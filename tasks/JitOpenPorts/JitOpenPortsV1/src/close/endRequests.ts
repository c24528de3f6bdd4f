import type { Policy, PolicyRef } from '../../../../shared/core/policy';
import { type Limit } from '../../../../shared/core/limits';
import type { Context } from '../context';
import type { Closing } from '../plan/closed';
import { isStillActive, ownPort, settleAll, sourcesToClose, toOwnPorts } from '../plan/ownRequests';
import type { NotedPort } from '../plan/state';
import { readPolicy } from './readPolicyToEnd';
import { Ending } from './ending';
import * as say from '../messages/closing';

/** Requests an early end of a policy's requests, and returns which rules must be checked afterward. */
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
    // If the policy is gone, its requests are gone too. After any other failure, the rules decide.
    const [own, made] = [toOwnPorts(all), []];
    return entries.map((opened) => ({
      ...{ opened, sources: sourcesToClose(opened), policy: undefined, own, made },
      ...{ closedFrom: 0, isShortened: false, trouble: say.toFailure(error), kept: undefined },
      ...{ isNeeded: opened.others !== undefined, isListed: undefined, isUnseen: false },
      wasInitiated: false,
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
    ...{ opened, sources: sourcesToClose(opened), policy: ending.policy, own: ending.own, isListed },
    made: ending.made,
    closedFrom: ending.nearEnds.get(opened) ?? 0,
    isShortened: ending.shortened.has(opened),
    trouble: ending.troubles.get(opened),
    kept: ending.kept.get(opened),
    isNeeded: ending.needed.has(opened),
    // According to the policy as it was before: a request that is being ended might no longer be shown.
    isUnseen: unseen.has(opened),
    wasInitiated: ownPort(opened, policy)?.status === 'Initiated',
  });
  return [
    ...known.map((opened) => toClosing(opened, true)),
    ...unlisted.map((opened) => toClosing(opened, false)),
  ];
}

/** Whether a policy shows neither a request that Azure granted, nor one that cannot be interpreted and might be it. */
const isUnseen = (entry: NotedPort, policy: Policy, azureNow: number): boolean =>
  entry.startedAt !== undefined && !ownPort(entry, policy) && !isStillActive(entry, policy, azureNow);
