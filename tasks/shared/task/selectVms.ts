import type { FindVms } from '../azure/findVms';
import { withLimit, type Clock } from '../core/limits';
import type { Log } from '../core/log';
import type { VmId } from '../core/resourceIds';
import type { VmQuery } from '../core/vmQuery';
import * as say from '../messages/vmQuery';

/** How long finding VMs may take, with every pause that Azure asks for: two minutes. */
const FIND_MS = 120_000;

/** What finding VMs takes of a task's context. */
export interface SelectContext {
  readonly findVms: FindVms;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * The VMs that a query selects, in the order of their ids, and shows them. None where that is allowed. Throws JIT101 when
 * there are more than `maxVms` or the filter makes no sense to Azure, JIT406 when there is none.
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
