import { rangesOf } from '../../../../shared/core/prefixes';
import { intersect } from '../../../../shared/core/ranges';
import { isActive, sameSources, type ConcurrentRequest } from '../../../../shared/core/requests';
import type { VmNetwork } from '../../../../shared/core/network';
import type { Policy } from '../../../../shared/core/policy';
import { createPrefixCover } from '../../../../shared/core/sources';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import * as say from '../messages/closing';
import type { Context } from '../context';
import type { Limit } from '../../../../shared/core/limits';
import { allOf, closeByRules } from './closeRules';
import { stillOpen } from './explainLeft';
import { CLOSING, rememberVerdicts } from '../open/verdicts';
import { rememberAdminRules } from '../open/vmNetwork';
import { endRequests } from './endRequests';
import { readBefore } from './rulesBefore';
import { shareReadings } from './shareReadings';
import { concurrentRequests, ownPort, toOwnPorts } from '../plan/ownRequests';
import type { NotedPort } from '../plan/state';
import type { Closed, Closing } from '../plan/closed';

/**
 * Closes what a step opened: requests an end that is near, deletes what is left of the step's own allow rules, and
 * trusts only the rules that are read back. Active requests of other runs are not changed. Any error at one port is
 * reported for that port.
 *
 * @param onClosed called for each port as soon as its outcome is known
 */
export async function closeAll(
  given: Context,
  opened: readonly NotedPort[],
  reason: string,
  limit: Limit,
  onClosed: (closed: Closed) => void,
): Promise<void> {
  const groups = new Map<string, NotedPort[]>();
  const isOpen = ({ over }: NotedPort) => over === undefined;
  for (const entry of opened) {
    const key = entry.policy.id.toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  const vms = opened.filter(isOpen).map(({ vm }) => vm);
  const context = shareReadings(given, vms);
  const before = await readBefore(context, vms, limit);
  // The step that opens ports reports what cannot be read. A verdict is reported with the outcome of its port.
  const memories = {
    admins: rememberAdminRules(context, () => undefined, true),
    verdicts: rememberVerdicts(context, CLOSING, () => undefined),
    others: new WeakMap<Closing, readonly Policy[]>(),
    groups: new WeakMap<Closing, VmNetwork['groups']>(),
    deleted: new Set<string>(),
  };
  const endings = [...groups.values()].flatMap((entries) => {
    const first = entries.find(isOpen);
    return first ? [{ entries, ended: endRequests(context, first.policy, entries, reason, limit) }] : [];
  });
  await allOf(
    endings.map(async ({ entries, ended }) => {
      // Attempts of one step may have requested a port under several policies: what closing requests under one of them
      // explains rules and requests of the port under all of them.
      const keys = new Set(entries.map(({ vm }) => vm.key));
      const related = endings.filter((other) => other.entries.some(({ vm }) => keys.has(vm.key)));
      const all = (await Promise.all(related.map((other) => other.ended))).flat();
      // The closings of one policy have one list in common.
      const own = [...[...new Set(all.map((closing) => closing.own))].flat(), ...toOwnPorts(opened)];
      const made = [...new Set(all.map((closing) => closing.made))].flat();
      const closings = (await ended).map((closing) => ({ ...closing, own, made }));
      const onClosing = async (closing: Closing, closed: Closed): Promise<void> => {
        const outcome = closing.kept ? { ...closed, kept: closing.kept } : closed;
        const { overIpv6, azure } = closed;
        // If the port is open, what was found says more than this error.
        const orFailed = (error: unknown): Closed =>
          outcome.kind === 'open'
            ? outcome
            : { ...stillOpen(closing, false, say.failed(error)), kept: closing.kept };
        onClosed({
          ...(await withConcurrent(
            context,
            closing,
            outcome,
            memories.others.get(closing) ?? [],
            limit,
          ).catch(orFailed)),
          ...{ ...(overIpv6 && { overIpv6 }), ...(azure && { azure }) },
        });
      };
      await closeByRules(context, before, { closings, all }, limit, onClosing, memories);
    }),
  );
}

/**
 * Reads the policy again after the rules were read. Another run's active request, whether earlier or new, might also
 * cover the source, and its rule might not be written yet. What it covers stays open until the end of that request.
 *
 * @param others the other policies of the VM, if they could be read
 */
async function withConcurrent(
  context: Context,
  closing: Closing,
  closed: Closed,
  others: readonly Policy[],
  limit: Limit,
): Promise<Closed> {
  const { opened, own, sources } = closing;
  const kept = closing.kept && { kept: closing.kept };
  if (closed.kind === 'closed' ? closed.how === 'vmGone' : closed.until === undefined) return closed;
  const policy = await readOnceMore(context, closing, limit);
  if (!policy) return closed;
  const now = context.jit.azureNow();
  const concurrent = concurrentRequests([policy, ...others], opened, own, now)
    .filter(({ port }) => intersect(rangesOf(port.sources), rangesOf(sources)).length > 0)
    .map((one): ConcurrentRequest => ({ ...one, isOurs: closing.made.includes(one.request.startedAt) }));
  const [last] = concurrent.toSorted((a, b) => b.port.endsAt - a.port.endsAt);
  if (closed.kind === 'open') {
    const until = Math.max(closed.until ?? 0, last?.port.endsAt ?? 0);
    return { ...closed, until };
  }
  if (closed.how === 'neverOpened') return last ? { ...closed, beside: concurrent } : closed;
  const itself = ownPort(opened, policy);
  if (itself?.status === 'Initiating' && isActive(itself, now)) {
    return { ...kept, kind: 'open', opened, until: itself.endsAt, isAllowed: false, why: say.ruleMayCome };
  }
  const { endsAt } = itself ?? opened;
  if (closing.isUnseen && (itself ? isActive(itself, now) : endsAt > now)) {
    return { ...kept, kind: 'open', opened, until: endsAt, isAllowed: false, why: say.notShown };
  }
  const areCovered = concurrent.map(({ port }) => createPrefixCover(port.sources));
  const held = sources.filter((source) => areCovered.some((isCovered) => isCovered(source)));
  if (!last) return closed;
  if (held.length === 0) return { ...closed, beside: concurrent };
  // A rule of another request for the same sources looks the same, so the rules do not show whether the own one is gone.
  const isShown =
    itself !== undefined &&
    isActive(itself, now) &&
    concurrent.some(({ port }) => sameSources(port.sources, itself.sources));
  return {
    ...kept,
    kind: 'open',
    opened,
    until: Math.max(last.port.endsAt, isShown ? itself.endsAt : 0),
    isAllowed: true,
    why: isShown ? say.stillShown(itself, concurrent, closing.isShortened) : say.otherRuns(concurrent),
    sources: held,
  };
}

/**
 * Reads the policy again. If that fails, returns the policy as read before: a failed call does not undo what was found.
 * Returns `undefined` if the policy is gone, and its requests with it. One response alone never says so.
 */
async function readOnceMore(
  context: Context,
  { opened, policy }: Closing,
  limit: Limit,
): Promise<Policy | undefined> {
  try {
    return await context.jit.getPolicy(opened.policy, limit);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return isAbsence(error) ? undefined : policy;
  }
}
