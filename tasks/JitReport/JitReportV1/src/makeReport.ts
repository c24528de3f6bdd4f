import type { Inventory } from '../../../shared/inventory';
import { withLimit } from '../../../shared/limits';
import * as say from '../../../shared/messages/reporting';
import type { Clock, Limit, Log } from '../../../shared/world';
import { assemble } from './assemble';
import { createGaps, type Gaps, type NotedGap } from './gaps';
import { gatherAround, gatherVms } from './gather';
import type { ReportInputs } from './inputs';
import type { Report } from './model';

/** How long reading may take, with every pause that Azure asks for: an hour. */
const READ_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MOST_WARNINGS = 5;

/** What this task needs from outside itself. */
export interface ReportWorld {
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A report with what is missing from it. */
export interface Made {
  readonly report: Report;
  readonly gaps: readonly NotedGap[];
}

/**
 * The story of a run: find the VMs, read what is around them, make the report, tell the most important of it. Throws a
 * `CodedError` when there is nothing to report; what is only a part missing is a gap.
 *
 * @param home where the runs of this organisation are
 */
export function makeReport(inputs: ReportInputs, world: ReportWorld, home: string): Promise<Made> {
  const { clock, signal } = world;
  return withLimit(clock, signal, READ_MS, (limit) => make(inputs, world, home, limit));
}

async function make(
  { scopes, days }: ReportInputs,
  { inventory, clock, log, signal }: ReportWorld,
  home: string,
  limit: Limit,
): Promise<Made> {
  const gaps = createGaps(signal);
  log.progress(5, 'Finding VMs');
  log.line(
    say.reading(
      scopes.map(({ id }) => id),
      days,
    ),
  );
  const vms = await gatherVms(inventory, scopes, gaps, limit);
  log.line(say.vmsFound(vms.length));
  log.progress(20, 'Reading networks, policies and requests');
  const to = timeOf(inventory, gaps);
  const period = { from: to - days * DAY_MS, to, days };
  const gathered = await gatherAround(inventory, scopes, vms, period, gaps, limit);
  log.progress(80, 'Making the report');
  const noted = gaps.all();
  const about = { scopes, period, gaps: noted.map(({ gap }) => gap), azureNow: to, home };
  const report = await assemble(gathered, about, () => clock.sleep(0, signal));
  tell(log, report, noted, days);
  return { report, gaps: noted };
}

/** Azure's time, by the answers so far. Throws why there is none, when nothing answered. */
function timeOf(inventory: Inventory, gaps: Gaps): number {
  try {
    return inventory.azureNow();
  } catch (error) {
    throw gaps.all()[0]?.failure ?? error;
  }
}

function tell(log: Log, { counts, internetPorts }: Report, gaps: readonly NotedGap[], days: number): void {
  log.line(say.cover(counts));
  log.line(say.now(counts));
  log.line(say.audit(counts, days));
  for (const { gap } of gaps) log.warning(say.gap(gap.part, gap.code, gap.text));
  for (const { vmName, port, publicShare } of internetPorts.slice(0, MOST_WARNINGS)) {
    log.warning(say.openToInternet(vmName, port, publicShare));
  }
  if (internetPorts.length > MOST_WARNINGS) log.warning(say.moreOpen(internetPorts.length - MOST_WARNINGS));
}
