import type { FindVms } from '../azure/findVms';
import { withLimit, type Clock } from '../core/limits';
import type { Log } from '../core/log';
import type { VmId } from '../core/resourceIds';
import type { VmQuery } from '../core/vmQuery';
import * as say from '../messages/vmQuery';

/** The time limit of finding VMs, including all pauses that Azure requires: two minutes. */
const FIND_MS = 120_000;

/** The members of a task's context that finding VMs needs. */
export interface SelectContext {
  readonly findVms: FindVms;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Returns the VMs that a query selects, in the order of their IDs, and logs them. Throws JIT101 if there are more than
 * `maxVms` or Azure does not understand the filter, and JIT406 if there is none, unless `allowEmpty` is set.
 */
export async function selectVms(
  { findVms, clock, log, signal }: SelectContext,
  query: VmQuery,
): Promise<readonly VmId[]> {
  log.line(say.querying(query.subscriptionIds.length));
  const found = await withLimit(clock, signal, FIND_MS, (limit) => findVms(query, limit));
  const { vms, total, strange } = found;
  if (strange > 0) log.warning(say.strangeRows(strange));
  if (total > query.maxVms) throw say.tooManySelected(total, query.maxVms, vms);
  if (vms.length === 0) {
    if (!query.allowEmpty) throw say.noVmSelected(query.filter);
    log.line(say.nothingSelected);
    return [];
  }
  log.group(say.queryFound(vms.length));
  for (const vm of vms) log.line(say.vmLine(vm));
  log.endGroup();
  return vms;
}
