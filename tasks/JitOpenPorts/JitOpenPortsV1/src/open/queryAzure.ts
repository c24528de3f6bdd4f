import type { Limit } from '../../../../shared/core/limits';
import { doubtOfOpen, isAllowed, type AddressVerdict } from '../plan/flowVerdict';
import type { Verdict } from '../../../../shared/core/nsg/verdict';
import type { Pending } from '../plan/pending';
import type { Subject, VerdictMemory } from './verdicts';

/**
 * Queries IP flow verify for what the rules on the way to a port leave undecided. While a new query is in progress, an
 * earlier result that denied the port is still returned. One that allowed it applies only to the rules for which it was
 * requested.
 */
export async function queryAzure(
  verdicts: VerdictMemory,
  { access, azure: before }: Pending,
  about: Pick<Subject, 'nicId' | 'network' | 'flow'>,
  verdict: Verdict,
  limit: Limit,
): Promise<readonly AddressVerdict[] | undefined> {
  const doubt = doubtOfOpen(about.network, about.flow, verdict);
  if (doubt.kind === 'none') return undefined;
  const subject = { ...about, vm: access.vm, region: access.policy.location };
  const found = await verdicts.query(subject, doubt, limit);
  return found ?? (isAllowed(before ?? []) ? undefined : before);
}
