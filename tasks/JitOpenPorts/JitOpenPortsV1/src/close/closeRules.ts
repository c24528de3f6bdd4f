import type { RuleAt } from '../../../../shared/core/nsg/verdict';
import type { Policy } from '../../../../shared/core/policy';
import { isAbsence, kindOf } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import { withLimit, type Limit } from '../../../../shared/core/limits';
import * as say from '../messages/closing';
import type { Context } from '../context';
import type { Beside, Closing, Closed } from '../plan/closed';
import { requestStateOf } from '../plan/ownRequests';
import { isVmGone } from '../azure/gone';
import { explainLeft, stillOpen, type Deletion } from './explainLeft';
import { findAdmitting, type ClosingMemories } from './findAdmitting';
import {
  hasOwnRule,
  isAlike,
  isStillShown,
  mayGetRule,
  readOwners,
  willBeRemoved,
  withThoseBehind,
  type GroupRule,
} from './ruleOwners';
import type { Before } from './rulesBefore';
import type { Filter, VmPlace } from '../plan/place';
import type { ClosingContext } from './shareReadings';
import { checkLater, FOLLOW_MS, REPORT_MS, waitUntilClosed, type RulesFound } from './waitForRules';

/** How long a deletion can take: seven seconds. */
const DELETION_MS = 7000;
/** How long the rules are checked after a deletion that did not succeed: three seconds. */
const LOST_ANSWER_MS = 3000;

/** Ports to close under one policy. */
export interface ClosingSet {
  readonly closings: readonly Closing[];
  /** The same, and those of the same VMs under other policies. */
  readonly all: readonly Closing[];
}

/**
 * Checks the rules until they are closed. If they do not close by themselves, deletes the allow rules of these
 * requests, and checks again until the time is over. An error at one port does not affect the other ports.
 *
 * @param onClosed called for each port as soon as its outcome is known
 */
export async function closeByRules(
  context: ClosingContext,
  before: Before,
  { closings, all }: ClosingSet,
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
        await reportClosed(await closeOne(context, before, closing, all, memories, onSeen, limit));
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
    if (closing.isListed === false) return stillOpen(closing, false, say.neverListed(place.missing));
    const state = requestStateOf(closing, context.jit.azureNow());
    return stillOpen(closing, false, say.notVerified(state, place.missing, closing.trouble));
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
  // A deletion by this or another closing of the VM: attempts of one step have rules that allow the same sources.
  const unlessReturned = async (
    found: RulesFound,
    recheck: () => Promise<RulesFound>,
  ): Promise<RulesFound> =>
    found === 'closed' && memories.deleted.has(opened.vm.key) ? checkLater(context, recheck, limit) : found;
  const checkFirst = check([closing.policy]);
  const first = await unlessReturned(await waitUntilClosed(context, checkFirst, followMs, limit), checkFirst);
  const verified = { kind: 'closed', opened, how: 'verified' } as const;
  // Nothing allows it now, but a request that is still active may get its rule later.
  const withoutRule = async (): Promise<Closed> => {
    if (closing.trouble && !isAbsence(closing.trouble))
      return stillOpen(closing, false, say.notEnded(closing.trouble));
    if (closing.isListed === false) return { ...verified, how: 'neverOpened' };
    return unlessRuleComes([]);
  };
  const unlessRuleComes = async (seen: readonly RuleAt[]): Promise<Closed> =>
    (await mayGetRule(context, { before, seen }, closing, filter, limit))
      ? stillOpen(closing, false, say.ruleNeverSeen)
      : verified;
  if (first === 'closed') {
    const isBlocked = () => hasOwnRule(closing, memories.groups.get(closing) ?? [], filter);
    // The rule of a request that has ended goes within seconds.
    const isGone = async () => ((await checkFirst()) === 'closed' && isBlocked() ? [] : ('closed' as const));
    if (!closing.trouble && isBlocked()) await waitUntilClosed(context, isGone, FOLLOW_MS, limit);
    return !closing.trouble && isBlocked() && (await isStillShown(context, closing, limit))
      ? stillOpen(closing, false, say.ruleBlocked)
      : await withoutRule();
  }
  // Enough time must be left to read the rules once more.
  const deletingMs = Math.max(0, limit.remainingMs() - REPORT_MS);
  const { owners, own, deletion } = await withLimit(context.clock, limit.signal, deletingMs, (short) =>
    deleteOwn(context, before, closing, all, filter, first, memories, short),
  );
  if (owners.others) memories.others.set(closing, owners.others);
  const checkAgain = check(owners.policies);
  // Azure removes the rule of a request that has ended. A deletion whose response was lost might have happened.
  const isWaitedFor = willBeRemoved(first, owners);
  const leftMs = limit.remainingMs();
  const checkMs = isWaitedFor ? Math.max(0, leftMs - REPORT_MS) : own.length > 0 ? LOST_ANSWER_MS : 0;
  const left = await waitUntilClosed(context, checkAgain, deletion.count > 0 ? leftMs : checkMs, limit);
  const last = await unlessReturned(left, checkAgain);
  if (last === 'closed') {
    // What was deleted can be the rule of another attempt.
    if (own.length > 0) return unlessRuleComes(first);
    return isWaitedFor ? verified : withoutRule();
  }
  return explainLeft(closing, first, last, owners, deletion);
}

/** Deletes the rules of this step's own requests among those that allow a port, as far as it is certain which they are. */
async function deleteOwn(
  context: Context,
  before: Before,
  closing: Closing,
  all: readonly Closing[],
  filter: Filter,
  allowing: readonly RuleAt[],
  { deleted }: ClosingMemories,
  limit: Limit,
) {
  const owners = await readOwners(context, before, closing, all, filter, limit);
  const isUnclear = allowing.some((at) => isAlike(owners.of(at)));
  const own = closing.isNeeded || isUnclear ? [] : allowing.filter(owners.isOwn);
  if (own.length > 0) deleted.add(closing.opened.vm.key);
  const deletion = await deleteRules(context, withThoseBehind(own, owners.isOwn), limit);
  return { owners, own, deletion };
}

/**
 * Deletes rules, one after the other. A deletion without an answer is sent once more, and does not take the time of the
 * others. Returns how many deletions succeeded, and why the last one failed, if any did.
 */
async function deleteRules(
  { network, clock }: Context,
  rules: readonly GroupRule[],
  limit: Limit,
): Promise<Deletion> {
  let trouble: CodedError | undefined;
  let count = 0;
  for (const { group, rule } of rules) {
    const deleteOnce = () =>
      withLimit(clock, limit.signal, DELETION_MS, (short) => network.deleteRule(group.id, rule.name, short));
    try {
      await deleteOnce().catch((error: unknown) => {
        if (!(error instanceof CodedError) || kindOf(error) !== 'notReached') throw error;
        return deleteOnce();
      });
      count++;
    } catch (error) {
      trouble = say.toFailure(error);
    }
  }
  return { count, trouble };
}
