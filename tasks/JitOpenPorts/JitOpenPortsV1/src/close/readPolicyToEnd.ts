import { CodedError } from '../../../../shared/core/errors';
import { type Limit, withLimit } from '../../../../shared/core/limits';
import type { PolicyRef, Policy } from '../../../../shared/core/policy';
import { poll } from '../../../../shared/core/poll';
import { sameId } from '../../../../shared/core/resourceIds';
import type { Context } from '../context';
import { ownPort, settleAll } from '../plan/ownRequests';
import type { NotedPort } from '../plan/state';

/** How long reading the policy can take before the rules are closed without it: twelve seconds. */
const POLICY_READ_MS = 12000;
/** The number of reads of a policy that does not list a request that Azure granted. */
const READS_FOR_GRANTED = 3;

/**
 * Reads the policy. A request without a response might still be in progress: while the policy does not list it, the
 * policy is read again until the time is over. If a granted request is missing, it is searched for in a few reads of
 * the policy, and then in the list of the resource group: responses of one kind without it do not mean that it is gone.
 * Throws a `CodedError` if nothing could be read.
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
        // The result of an earlier read is enough to continue.
        if (!latest) throw error;
      }
      return isComplete(latest, round) ? latest : undefined;
    }),
  );
  const policy = complete ?? latest;
  // Reached only if the limit was over before the call: the first read is immediate.
  if (!policy) return context.jit.getPolicy(ref, limit);
  return entries.some((entry) => isMissing(entry, policy))
    ? findInList(context, policy, entries, limit)
    : policy;
}

/**
 * Returns the policy as the list of its resource group shows it, if the list has granted requests that the policy's own
 * response leaves out: they are gone only if both agree. A list that cannot be read changes nothing.
 */
async function findInList(
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
