import type { Limit } from '../../../../shared/core/limits';
import { doubtOfOpen, isAllowed, type AddressVerdict } from '../plan/flowVerdict';
import type { Verdict } from '../../../../shared/core/nsg/verdict';
import type { Pending } from '../plan/pending';
import type { Subject, VerdictMemory } from './verdicts';

/**
 * Azure's own verdict on what the rules leave open of the way to a port. While a new one is under way, one that denied it
 * before is still told; one that allowed it is believed for the rules that it was asked for, and for no others.
 */
export async function askAzure(
  verdicts: VerdictMemory,
  { access, azure: before }: Pending,
  about: Pick<Subject, 'nicId' | 'network' | 'flow'>,
  verdict: Verdict,
  limit: Limit,
): Promise<readonly AddressVerdict[] | undefined> {
  const doubt = doubtOfOpen(about.network, about.flow, verdict);
  if (doubt.kind === 'none') return undefined;
  const subject = { ...about, vm: access.vm, region: access.policy.location };
  const found = await verdicts.ask(subject, doubt, limit);
  return found ?? (isAllowed(before ?? []) ? undefined : before);
}
