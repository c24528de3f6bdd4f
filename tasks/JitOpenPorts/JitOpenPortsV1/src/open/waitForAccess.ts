import { isCrowd } from '../../../../shared/core/crowd';
import { poll } from '../../../../shared/core/poll';
import * as say from '../messages/waiting';
import { noAnswerHint } from '../messages/connecting';
import type { Context } from '../context';
import type { Limit } from '../../../../shared/core/limits';
import type { Access, WaitedAccess } from '../plan/access';
import { createCheck } from './checkAccess';
import { fail, NOTHING_SEEN, type Ended, type Pending, type Wait } from '../plan/pending';
import { createRoundNotes } from './roundNotes';
import { rememberVerdicts, WAITING } from './verdicts';
import { rememberAdminRules, rememberVnets } from './vmNetwork';

/**
 * How long an access counts as open without another check: 15 seconds. Other ports can take much longer, and in the
 * meantime another run can supersede its request, or a deployment remove its rule.
 */
const STAYS_OPEN_MS = 15_000;

/** An access whose wait is over, unless it is open and a later check finds otherwise. */
interface EndedAccess extends WaitedAccess {
  /** After how many milliseconds it was last found open. */
  openAt: number;
}

/** Whether an access has to be checked again before it counts as open. */
const isDue = ({ access, waited, openAt }: EndedAccess, waitedMs: number, azureNow: number): boolean =>
  waited.status !== 'failed' && (waitedMs - openAt >= STAYS_OPEN_MS || access.endsAt <= azureNow);

/**
 * Waits until every access is open, its request is over, or the time is over. Checks all accesses in one round, so that
 * what they share is read once. Those that opened earlier than the others are checked again before the wait ends. A
 * temporary error of Azure costs a round, not the wait. If the right to read the rules is missing, the status of the
 * request is used instead. Rejects only with bugs.
 */
export async function waitForAccess(
  context: Context,
  wait: Wait,
  accesses: readonly Access[],
  limit: Limit,
): Promise<readonly WaitedAccess[]> {
  const startedAt = context.clock.now();
  const waitedMs = () => context.clock.now() - startedAt;
  const ended: (EndedAccess | undefined)[] = accesses.map(() => undefined);
  const vnets = rememberVnets(context.network, (error) => {
    context.log.warning(say.vnetUnknown(error));
  });
  // Roles from before the task read these rules lack this right. A warning in every run would be too much.
  const notes = createRoundNotes(context.log, isCrowd(accesses));
  const admins = rememberAdminRules(context, (error) => {
    notes.note(say.adminRulesUnknown(error));
  });
  const verdicts = rememberVerdicts(context, WAITING, notes.note);
  const memories = { vnets, admins, verdicts, putOff: new Map<string, number>() };
  const toPending = (access: Access, index: number): Pending => ({
    index,
    access,
    ...NOTHING_SEEN,
    readable: wait.goal !== 'request' && wait.places.get(access.vm.key)?.filter !== undefined,
  });
  let pending: readonly Pending[] = accesses.map(toPending);
  const note = (seen: Ended): void => {
    ended[seen.index] = { ...seen, waitedMs: waitedMs(), openAt: waitedMs() };
  };

  /** Checks again those that opened early. Returns those that could not be checked, which still count as open. */
  const checkAgain = async (round: number): Promise<readonly Pending[]> => {
    const due = ended.flatMap((one, index) =>
      one && isDue(one, waitedMs(), context.jit.azureNow())
        ? [{ ...toPending(one.access, index), openedAfterMs: one.waitedMs }]
        : [],
    );
    // A port that answered once needs no other answer.
    const rulesOnly: Wait = wait.goal === 'connection' ? { ...wait, goal: 'rule' } : wait;
    const check = createCheck(context, rulesOnly, memories, round, limit);
    const checked = await Promise.all(
      due.map(async (given) => {
        const seen = await check(given);
        // The right to read the rules is missing by now, so the request decides.
        const isRefused = !('waited' in seen) && given.readable && !seen.readable;
        return { given, seen: isRefused ? await check(seen) : seen };
      }),
    );
    const unchecked: Pending[] = [];
    for (const { given, seen } of checked) {
      const one = ended[seen.index];
      if ('waited' in seen) {
        if (seen.waited.status === 'failed') note(seen);
        else if (one) one.openAt = waitedMs();
      } else if (seen.trouble || seen === given) {
        // A check that was cut short returns what it was given.
        unchecked.push(seen);
      } else {
        ended[seen.index] = undefined;
        pending = [...pending, seen];
      }
    }
    return unchecked;
  };

  await poll(context.clock, limit, async (round, isLast) => {
    const check = createCheck(context, wait, memories, round, limit);
    const checked = await Promise.all(pending.map(check));
    for (const seen of checked) if ('waited' in seen) note(seen);
    pending = checked.flatMap((seen) => ('waited' in seen ? [] : [seen]));
    const isEnd = pending.length === 0 || isLast;
    const unchecked = isEnd ? await checkAgain(round) : [];
    notes.flush();
    wait.onWithoutRule(pending.filter(({ isWithoutRule }) => isWithoutRule).map(({ access }) => access));
    const awaited = [...pending, ...unchecked];
    if (isEnd && awaited.length === 0) return true;
    if (!limit.signal.aborted) wait.onRound(awaited, waitedMs());
    return undefined;
  });

  notes.flush();
  for (const left of pending) {
    const { vm } = left.access;
    const hint = noAnswerHint(vm, wait.places.get(vm.key)?.powerState, (await wait.privateHosts).get(vm.key));
    const error = say.notOpenInTime(left, wait.goal, wait.timeoutMs, hint);
    note(fail(left, error));
  }
  // Neither the request nor the rules could be read after its end.
  for (const [index, one] of ended.entries()) {
    if (!one || one.waited.status === 'failed' || one.access.endsAt > context.jit.azureNow()) continue;
    note(fail(toPending(one.access, index), say.endedBefore(one.access)));
  }
  return ended.flatMap((waited) => waited ?? []);
}
