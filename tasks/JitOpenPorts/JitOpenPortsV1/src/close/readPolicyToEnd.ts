import { CodedError } from '../../../../shared/core/errors';
import { type Limit, withLimit } from '../../../../shared/core/limits';
import type { PolicyRef, Policy } from '../../../../shared/core/policy';
import { poll } from '../../../../shared/core/poll';
import { sameId } from '../../../../shared/core/resourceIds';
import type { Context } from '../context';
import { ownPort, settleAll } from '../plan/ownRequests';
import type { NotedPort } from '../plan/state';

/** How long to read the policy before the rules are closed without it: twelve seconds. */
const POLICY_READ_MS = 12000;
/** How often a policy is read that does not list a request which Azure has granted. */
const READS_FOR_GRANTED = 3;

/**
 * Reads the policy. A request whose answer got lost may still be under way: while there is one that the policy does
 * not list, it is read again until the time for it is over. One that was granted and is missing is looked for a few
 * times, and then in the list of the group: answers of one kind without it do not mean that it is gone.
 */
export async function readPolicy(
  context: Context,
  ref: PolicyRef,
  entries: readonly NotedPort[],
  limit: Limit,
): Promise<Policy> {
  let latest: Policy | undefined;
  const isMissing = (entry: NotedPort, policy: Policy) =>
    entry.startedAt !== undefined && entry.endsAt > context.jit.azureNow() && !ownPort(entry, policy);
  const isComplete = (policy: Policy, round: number) =>
    settleAll(entries, policy, context.jit.azureNow()).every((entry) => entry !== undefined) &&
    (round + 1 >= READS_FOR_GRANTED || !entries.some((entry) => isMissing(entry, policy)));
  const complete = await withLimit(context.clock, limit.signal, POLICY_READ_MS, (short) =>
    poll(context.clock, short, async (round) => {
      try {
        latest = await context.jit.getPolicy(ref, short);
      } catch (error) {
        // What an earlier check found is enough to go on with.
        if (!latest) throw error;
      }
      return isComplete(latest, round) ? latest : undefined;
    }),
  );
  const policy = complete ?? latest;
  // Unreachable but for a limit that was over before: the first check is at once.
  if (!policy) return context.jit.getPolicy(ref, limit);
  return entries.some((entry) => isMissing(entry, policy))
    ? findInList(context, policy, entries, limit)
    : policy;
}

/**
 * The policy as the list of its group has it, where that shows requests which Azure has granted and the policy's own
 * answer leaves out: they are gone only when both agree. A list that cannot be read says nothing.
 */
export async function findInList(
  { jit }: Context,
  policy: Policy,
  entries: readonly NotedPort[],
  limit: Limit,
): Promise<Policy> {
  const countIn = (one: Policy) => entries.filter((entry) => ownPort(entry, one)).length;
  try {
    const list = await jit.listPolicies(policy.subscriptionId, policy.resourceGroup, limit);
    const listed = list.find(({ id }) => sameId(id, policy.id));
    return listed && countIn(listed) > countIn(policy) ? listed : policy;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return policy;
  }
}
