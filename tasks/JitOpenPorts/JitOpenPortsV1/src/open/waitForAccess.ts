import { isCrowd } from '../../../../shared/core/crowd';
import { poll } from '../../../../shared/core/poll';
import * as say from '../messages/waiting';
import { noAnswerHint } from '../messages/connecting';
import type { Context } from '../context';
import type { Limit } from '../../../../shared/core/limits';
import type { Access, WaitedAccess } from '../plan/access';
import { createCheck } from './checkAccess';
import { fail, NOTHING_SEEN, type Pending, type Wait } from '../plan/pending';
import { createRoundNotes } from './roundNotes';
import { rememberVerdicts, WAITING } from './verdicts';
import { rememberAdminRules, rememberVnets } from './vmNetwork';

/**
 * Waits until every access is open, its request is over, or the time is over. Checks all accesses in one round, so that
 * what they share is read once. A temporary error of Azure costs a round, not the wait. If the right to read the rules
 * is missing, the status of the request is used instead. Rejects only with bugs.
 */
export async function waitForAccess(
  context: Context,
  wait: Wait,
  accesses: readonly Access[],
  limit: Limit,
): Promise<readonly WaitedAccess[]> {
  const startedAt = context.clock.now();
  const waitedMs = () => context.clock.now() - startedAt;
  const ended: (WaitedAccess | undefined)[] = accesses.map(() => undefined);
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
  let pending: readonly Pending[] = accesses.map((access, index) => ({
    index,
    access,
    ...NOTHING_SEEN,
    readable: wait.goal !== 'request' && wait.places.get(access.vm.key)?.filter !== undefined,
  }));

  await poll(context.clock, limit, async (round) => {
    const check = createCheck(context, wait, memories, round, limit);
    const checked = await Promise.all(pending.map(check));
    notes.flush();
    for (const seen of checked) {
      if ('waited' in seen) ended[seen.index] = { ...seen, waitedMs: waitedMs() };
    }
    pending = checked.flatMap((seen) => ('waited' in seen ? [] : [seen]));
    wait.onWithoutRule(pending.filter(({ isWithoutRule }) => isWithoutRule).map(({ access }) => access));
    if (pending.length === 0) return true;
    if (!limit.signal.aborted) wait.onRound(pending, waitedMs());
    return undefined;
  });

  notes.flush();
  for (const left of pending) {
    const { vm } = left.access;
    const hint = noAnswerHint(vm, wait.places.get(vm.key)?.powerState, (await wait.privateHosts).get(vm.key));
    const error = say.notOpenInTime(left, wait.goal, wait.timeoutMs, hint);
    ended[left.index] = { ...fail(left, error), waitedMs: waitedMs() };
  }
  return ended.flatMap((waited) => waited ?? []);
}
