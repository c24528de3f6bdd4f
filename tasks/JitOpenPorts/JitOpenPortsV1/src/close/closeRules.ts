import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import type { Policy } from '../../../../shared/core/policy';
import { isAdminRule, type GroupRuleAt, type RuleAt } from '../../../../shared/core/nsg/verdict';
import { isActive } from '../../../../shared/core/requests';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import * as say from '../messages/closing';
import { poll } from '../../../../shared/core/poll';
import type { Context } from '../context';
import type { Beside, Closing, Closed } from '../plan/closed';
import { isVmGone } from '../azure/gone';
import { ownPort } from '../plan/ownRequests';
import { hasRuleLike, ownerOf, type Owner } from '../plan/ownRule';
import { findAdmitting, type ClosingMemories } from './findAdmitting';
import { readOtherPolicies } from './otherPolicies';
import type { Before } from './rulesBefore';
import type { Filter, VmPlace } from '../plan/place';
import type { ClosingContext } from './shareReadings';

/** How long the rules can take to follow the end of a request before they are deleted: eight seconds. */
const FOLLOW_MS = 8000;
/** The time that is reserved for reporting while waiting for a rule that is not removed: three seconds. */
const REPORT_MS = 3000;
/** How long the rules are checked after a deletion that did not succeed: three seconds. */
const LOST_ANSWER_MS = 3000;

/**
 * Checks the rules until they are closed. If they do not close by themselves, deletes the allow rules of these
 * requests, and checks again until the time is over. An error at one port does not affect the other ports.
 *
 * @param onClosed called for each port as soon as its outcome is known
 */
export async function closeByRules(
  context: ClosingContext,
  before: Before,
  closings: readonly Closing[],
  limit: Limit,
  onClosed: (closing: Closing, closed: Closed) => Promise<void>,
  memories: ClosingMemories,
): Promise<void> {
  await allOf(
    closings.map(async (closing) => {
      let seen: Beside = {};
      const onSeen = (beside: Beside) => {
        seen = beside;
      };
      const reportClosed = (closed: Closed) => onClosed(closing, { ...closed, ...seen });
      try {
        await reportClosed(await closeOne(context, before, closing, closings, memories, onSeen, limit));
      } catch (error) {
        await reportClosed(stillOpen(closing, false, say.failed(error)));
      }
    }),
  );
}

/** Waits for all promises, even if some of them reject, and then rejects with the first rejection. */
export async function allOf(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

async function closeOne(
  context: ClosingContext,
  before: Before,
  closing: Closing,
  all: readonly Closing[],
  memories: ClosingMemories,
  onSeen: (beside: Beside) => void,
  limit: Limit,
): Promise<Closed> {
  const { opened } = closing;
  let place: VmPlace;
  try {
    place = await before.place(opened.vm, limit);
  } catch (error) {
    if (
      error instanceof CodedError &&
      isAbsence(error) &&
      (await isVmGone(context.network, opened.vm, limit))
    ) {
      return { kind: 'closed', opened, how: 'vmGone' };
    }
    throw error;
  }
  if (!place.filter) {
    const notVerified = closing.isListed === false ? say.neverListed : say.notVerified;
    return stillOpen(closing, false, notVerified(place.missing));
  }
  const { filter } = place;
  const check = (policies: readonly (Policy | undefined)[]) => () =>
    findAdmitting(
      ...([context, place, closing, policies.filter((one) => one !== undefined)] as const),
      ...([memories, onSeen, limit] as const),
    );
  // A check before the requested end says nothing: the rule might not even be written yet.
  await context.clock.sleep(Math.max(0, closing.shutFrom - context.jit.azureNow()), limit.signal);
  const followMs = closing.trouble ? 0 : FOLLOW_MS;
  const first = await waitUntilShut(context, check([closing.policy]), followMs, limit);
  if (first === 'shut') {
    // Nothing allows it now, but a request that is still active may get its rule later.
    if (closing.trouble && !isAbsence(closing.trouble))
      return stillOpen(closing, false, say.notEnded(closing.trouble));
    if (closing.isListed === false) return { kind: 'closed', opened, how: 'neverOpened' };
    return (await mayGetRule(context, before, closing, filter, limit))
      ? stillOpen(closing, false, say.ruleNeverSeen)
      : { kind: 'closed', opened, how: 'shut' };
  }
  const policy = await readAgain(context, closing, limit);
  const others = await readOtherPolicies(context, opened, limit);
  if (others) memories.others.set(closing, others);
  const { privateIpAddress } = filter;
  const azureNow = context.jit.azureNow();
  const ownerAt = (at: RuleAt): Owner =>
    policy && others && !isAdminRule(at)
      ? ownerOf(
          at.rule,
          { now: at.group.rules, before: before.rules(at.group.id) },
          { closing, all, policies: [policy, ...others], azureNow, privateIpAddress },
        )
      : { kind: 'foreign' };
  const isOwn = (at: RuleAt): at is GroupRuleAt => ownerAt(at).kind === 'own';
  const isLingering = (at: RuleAt): boolean => {
    const owner = ownerAt(at);
    return owner.kind === 'perhaps' || (owner.kind === 'own' && !owner.isActive);
  };
  const alike = first.filter((at) => ownerAt(at).kind === 'alike');
  const wereAlike = first.filter((at) => ownerAt(at).kind === 'wasAlike');
  const own = closing.isNeeded || alike.length + wereAlike.length > 0 ? [] : first.filter(isOwn);
  let trouble = closing.trouble;
  let deleted = 0;
  for (const { group, rule } of withThoseBehind(own, isOwn)) {
    try {
      await context.network.deleteRule(group.id, rule.name, limit);
      deleted++;
    } catch (error) {
      trouble = say.toFailure(error);
    }
  }
  // Azure removes the rule of a request that has ended. A deletion without a response might have succeeded.
  const untilLate = Math.max(0, limit.remainingMs() - REPORT_MS);
  const checkMs =
    deleted > 0
      ? limit.remainingMs()
      : first.every(isLingering)
        ? untilLate
        : own.length > 0
          ? LOST_ANSWER_MS
          : 0;
  const left = await waitUntilShut(context, check([policy, ...(others ?? [])]), checkMs, limit);
  if (left === 'shut') return { kind: 'closed', opened, how: 'shut' };
  const noEnd = { kind: 'open', opened, until: undefined, isAllowed: true } as const;
  if (left.length === 0) return { ...noEnd, why: say.noGroup };
  if (alike.length > 0) return { ...noEnd, why: say.alike(alike) };
  if (wereAlike.length > 0) return { ...noEnd, why: say.wereAlike(wereAlike) };
  if (left.length > 0 && left.every(isLingering)) return { ...noEnd, why: say.rulesLinger(left, trouble) };
  // Without the policies, it is unknown to which request a rule with a name of the service belongs.
  const foreign = left.filter((one) =>
    policy && others ? !isOwn(one) : isAdminRule(one) || !isJitRuleName(one.rule.name),
  );
  // Without its own rules, the port stays open if each NSG has another rule that allows it, or if a security admin rule
  // bypasses all NSGs.
  const isPermanent = left.every(
    (at) => isAdminRule(at) || foreign.some((one) => isAdminRule(one) || one.group.id === at.group.id),
  );
  if (isPermanent) return { ...noEnd, why: say.permanent(foreign) };
  return stillOpen(closing, true, say.rulesRemain(left, trouble));
}

/**
 * Returns rules together with the other own rules behind them in their NSGs: of another attempt, or of the near end.
 */
function withThoseBehind(
  own: readonly GroupRuleAt[],
  isOwn: (at: GroupRuleAt) => boolean,
): readonly Pick<GroupRuleAt, 'group' | 'rule'>[] {
  const found = new Map<string, Pick<GroupRuleAt, 'group' | 'rule'>>();
  for (const at of own)
    for (const rule of at.group.rules.filter((one) => isOwn({ ...at, rule: one })))
      found.set(`${at.group.id} ${rule.name}`.toLowerCase(), { group: at.group, rule });
  return [...found.values()];
}

/**
 * Whether Azure might still write the rule of a request although no rule allows its port now: no rule for it was found
 * before the end was requested, and the policy still shows the request as active.
 */
async function mayGetRule(
  context: Context,
  before: Before,
  closing: Closing,
  { groups, privateIpAddress }: Filter,
  limit: Limit,
): Promise<boolean> {
  const isShown = (policy: Policy | undefined): boolean => {
    const itself = policy && ownPort(closing.opened, policy);
    return itself !== undefined && isActive(itself, context.jit.azureNow());
  };
  if (!isShown(closing.policy)) return false;
  if (groups.some(({ id }) => hasRuleLike(before.rules(id) ?? [], closing.opened, privateIpAddress)))
    return false;
  return isShown(await readAgain(context, closing, limit));
}

export const stillOpen = ({ opened }: Closing, isAllowed: boolean, why: string): Closed => ({
  ...{ kind: 'open', opened, until: opened.endsAt, isAllowed, why },
});

/** Reads the policy again. Returns `undefined` if it cannot be read. */
async function readAgain(context: Context, { opened }: Closing, limit: Limit): Promise<Policy | undefined> {
  try {
    return await context.jit.getPolicy(opened.policy, limit);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return undefined;
  }
}

/**
 * Polls the rules for up to `ms` milliseconds, at least once. Returns `shut`, or the rules that still allow the source.
 */
async function waitUntilShut(
  context: Context,
  check: () => Promise<'shut' | readonly RuleAt[]>,
  ms: number,
  outer: Limit,
): Promise<'shut' | readonly RuleAt[]> {
  let admitting = await check();
  if (admitting === 'shut') return 'shut';
  const shut = await withLimit(context.clock, outer.signal, ms, (limit) =>
    poll(context.clock, limit, async (round) => {
      if (round > 0) admitting = await check();
      return admitting === 'shut' ? admitting : undefined;
    }),
  );
  return shut ?? admitting;
}
