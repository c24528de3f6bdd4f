import { CodedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import { toGroupId, type VmId } from '../../../../shared/core/resourceIds';
import { checkRights } from '../../../../shared/task/rights';
import type { Context } from '../context';
import { watcherIn } from '../plan/flowVerdict';
import { ACTIONS } from './neededRights';

/**
 * Whether the real run could query IP flow verify for a VM: there is one network watcher in its region, and no right is
 * known to be missing. The result itself is useless before the request has its rule.
 */
export async function canQueryAzure(
  { flows, rights }: Pick<Context, 'flows' | 'rights'>,
  { subscriptionId }: VmId,
  region: string,
  limit: Limit,
): Promise<boolean> {
  try {
    const watcher = watcherIn(await flows.listWatchers(subscriptionId, limit), region);
    if (watcher.kind !== 'one') return false;
    const needed = [
      { purpose: 'verifyFlow', scope: watcher.id },
      { purpose: 'readVerdict', scope: toGroupId(subscriptionId) },
    ] as const;
    const checked = await checkRights(
      rights,
      needed.map(({ purpose, scope }) => ({ purpose, scope, action: ACTIONS[purpose] })),
      limit,
    );
    return checked.every(({ state }) => state !== 'missing');
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return false;
  }
}
