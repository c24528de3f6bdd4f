import { isJitRuleName } from '../../../../shared/core/nsg/rules';
import type { Policy } from '../../../../shared/core/policy';
import { isAdminRule, type RuleAt } from '../../../../shared/core/nsg/verdict';
import { isAbsence } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import * as say from '../messages/closing';
import { poll } from '../../../../shared/core/poll';
import type { Context } from '../context';
import type { Beside, Closing, Closed } from '../plan/closed';
import { isVmGone } from '../azure/gone';
import { findAdmitting, type ClosingMemories } from './findAdmitting';
import {
  isAlike,
  isLingering,
  mayGetRule,
  readOwners,
  withThoseBehind,
  type GroupRule,
  type RuleOwners,
} from './ruleOwners';
import type { Before } from './rulesBefore';
import type { VmPlace } from '../plan/place';
import type { ClosingContext } from './shareReadings';

/** How long the rules can take to follow the end of a request before they are deleted: eight seconds. */
const FOLLOW_MS = 8000;
/** What remains of the time for reporting when a rule is waited for that does not go: three seconds. */
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
  await context.clock.sleep(Math.max(0, closing.closedFrom - context.jit.azureNow()), limit.signal);
  const followMs = closing.trouble ? 0 : FOLLOW_MS;
  const first = await waitUntilClosed(context, check([closing.policy]), followMs, limit);
  if (first === 'closed') {
    // Nothing allows it now, but a request that is still active may get its rule later.
    if (closing.trouble && !isAbsence(closing.trouble))
      return stillOpen(closing, false, say.notEnded(closing.trouble));
    if (closing.isListed === false) return { kind: 'closed', opened, how: 'neverOpened' };
    return (await mayGetRule(context, before, closing, filter, limit))
      ? stillOpen(closing, false, say.ruleNeverSeen)
      : { kind: 'closed', opened, how: 'verified' };
  }
  const owners = await readOwners(context, before, closing, all, filter, limit);
  if (owners.others) memories.others.set(closing, owners.others);
  const isUnclear = first.some((at) => isAlike(owners.of(at)));
  const own = closing.isNeeded || isUnclear ? [] : first.filter(owners.isOwn);
  const deletion = await deleteRules(context, withThoseBehind(own, owners.isOwn), limit);
  const isWaitedFor = first.length > 0 && first.every((at) => isLingering(owners.of(at)));
  // Azure removes the rule of a request that has ended. A deletion whose answer got lost may have happened.
  const checkMs =
    deletion.count > 0
      ? limit.remainingMs()
      : isWaitedFor
        ? Math.max(0, limit.remainingMs() - REPORT_MS)
        : own.length > 0
          ? LOST_ANSWER_MS
          : 0;
  const left = await waitUntilClosed(context, check(owners.policies), checkMs, limit);
  return left === 'closed'
    ? { kind: 'closed', opened, how: 'verified' }
    : explainLeft(closing, first, left, owners, deletion.trouble ?? closing.trouble);
}

/** Deletes rules, one after the other. Returns how many deletions succeeded, and why the last one failed, if any did. */
async function deleteRules(
  { network }: Context,
  rules: readonly GroupRule[],
  limit: Limit,
): Promise<{ readonly count: number; readonly trouble: CodedError | undefined }> {
  let trouble: CodedError | undefined;
  let count = 0;
  for (const { group, rule } of rules) {
    try {
      await network.deleteRule(group.id, rule.name, limit);
      count++;
    } catch (error) {
      trouble = say.toFailure(error);
    }
  }
  return { count, trouble };
}

/** The outcome for a port that rules still allow. */
function explainLeft(
  closing: Closing,
  first: readonly RuleAt[],
  left: readonly RuleAt[],
  owners: RuleOwners,
  trouble: CodedError | undefined,
): Closed {
  const noEnd = { kind: 'open', opened: closing.opened, until: undefined, isAllowed: true } as const;
  if (left.length === 0) return { ...noEnd, why: say.noGroup };
  const alike = first.filter((at) => owners.of(at).kind === 'alike');
  if (alike.length > 0) return { ...noEnd, why: say.alike(alike) };
  const wereAlike = first.filter((at) => owners.of(at).kind === 'wasAlike');
  if (wereAlike.length > 0) return { ...noEnd, why: say.wereAlike(wereAlike) };
  if (left.every((at) => isLingering(owners.of(at))))
    return { ...noEnd, why: say.rulesLinger(left, trouble) };
  // Without the policies it is unknown which request a rule with a name of the service belongs to.
  const foreign = left.filter((one) =>
    owners.areKnown ? !owners.isOwn(one) : isAdminRule(one) || !isJitRuleName(one.rule.name),
  );
  // Without its own rules, the port stays open if each NSG has another rule that allows it, or if a security admin rule
  // bypasses all NSGs.
  const isPermanent = left.every(
    (at) => isAdminRule(at) || foreign.some((one) => isAdminRule(one) || one.group.id === at.group.id),
  );
  if (isPermanent) return { ...noEnd, why: say.permanent(foreign) };
  return stillOpen(closing, true, say.rulesRemain(left, trouble));
}

export const stillOpen = ({ opened }: Closing, isAllowed: boolean, why: string): Closed => ({
  ...{ kind: 'open', opened, until: opened.endsAt, isAllowed, why },
});

/**
 * Polls the rules for up to `ms` milliseconds, at least once. Returns `closed`, or the rules that still allow the source.
 */
async function waitUntilClosed(
  context: Context,
  check: () => Promise<'closed' | readonly RuleAt[]>,
  ms: number,
  outer: Limit,
): Promise<'closed' | readonly RuleAt[]> {
  let admitting = await check();
  if (admitting === 'closed') return 'closed';
  const closed = await withLimit(context.clock, outer.signal, ms, (limit) =>
    poll(context.clock, limit, async (round) => {
      if (round > 0) admitting = await check();
      return admitting === 'closed' ? admitting : undefined;
    }),
  );
  return closed ?? admitting;
}
