import type { Limit } from '../../../../shared/core/limits';
import * as say from '../messages/waiting';
import type { Context } from '../context';
import type { Waited } from '../plan/access';
import { end, type Pending, type Seen, type Wait } from '../plan/pending';

/**
 * Tries one TCP connection to a port that the rules allow, or whose request Azure has initiated.
 *
 * @param open what the port is if something answers, or absent if the rules could not be read
 */
export async function tryConnection(
  { probe, log }: Context,
  wait: Wait,
  pending: Pending,
  open: Waited | undefined,
  limit: Limit,
): Promise<Seen> {
  // Nothing answers over UDP, so there is nothing to try.
  if (pending.access.protocol === 'UDP') return end(pending, open ?? { status: 'initiated' });
  const at = wait.probeAt(pending.access);
  const answer = at ? await probe.connect(at.host, at.port, limit) : 'silent';
  if (answer === 'silent' || answer === 'unresolved') {
    const tried = at && { ...at, isResolved: answer !== 'unresolved' };
    // An attempt that was cut short by the end of the time says less than an earlier one.
    const isCutShort = answer === 'silent' && limit.remainingMs() === 0;
    const last = isCutShort ? (pending.tried ?? tried) : tried;
    return { ...pending, admitted: true, tried: last, blockers: undefined, trouble: undefined };
  }
  if (answer === 'refused') log.line(say.nothingListens(pending.access));
  return end(pending, open ?? { status: 'open', permanent: undefined });
}
