import type { Inventory } from './azure/inventory';
import { kindOf } from '../../../shared/core/codes';
import { withLimit, type Limit, type Clock } from '../../../shared/core/limits';
import * as say from './messages/reporting';
import { warnEach } from '../../../shared/core/crowd';
import { doubtText, checkedPortsText } from '../../../shared/view/messages/open';
import type { Log } from '../../../shared/core/log';
import type { VmId } from '../../../shared/core/resourceIds';
import { toVmScope } from '../../../shared/core/scopes';
import type { FindVms } from '../../../shared/azure/findVms';
import { selectVms } from '../../../shared/task/selectVms';
import { assemble } from './judge/assemble';
import { createGaps, type Gaps } from './gather/gaps';
import { type NotedGap } from './judge/gathered';
import { gatherAround, gatherVms } from './gather/gather';
import { joinVersions } from './judge/joinVersions';
import type { ReportInputs } from './model/inputs';
import type { Report } from '../../../shared/view/report';

/** How long reading can take, including every pause that Azure requires, in milliseconds: an hour. */
const READ_MS = 3_600_000;
const DAY_MS = 86_400_000;
const MOST_WARNINGS = 5;

/** What this task needs from outside. */
export interface ReportContext {
  readonly inventory: Inventory;
  readonly findVms: FindVms;
  readonly clock: Clock;
  /** The agent's time, in milliseconds since 1970. */
  readonly time: () => number;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A report, and what is missing from it. */
export interface Made {
  readonly report: Report;
  readonly gaps: readonly NotedGap[];
}

/**
 * Runs the workflow: finds the VMs, reads what is around them, creates the report, and logs the most important results.
 * Throws a `CodedError` if there is nothing to report. A missing part is a gap.
 *
 * @param home the URL of this organization
 */
export function makeReport(inputs: ReportInputs, context: ReportContext, home: string): Promise<Made> {
  const { clock, signal } = context;
  return withLimit(clock, signal, READ_MS, (limit) => make(inputs, context, home, limit));
}

async function make(
  { query, inner, days, ports: addedPorts, ...inputs }: ReportInputs,
  context: ReportContext,
  home: string,
  limit: Limit,
): Promise<Made> {
  const { clock, time, log, signal } = context;
  const gaps = createGaps(signal);
  log.progress(5, 'Finding VMs');
  const scopes = query ? (await selectVms(context, query)).map(toVmScope) : inputs.scopes;
  const inventory = context.inventory.among(
    scopes.flatMap((scope) => (scope.kind === 'vm' ? [scope.vm] : [])),
  );
  log.line(
    say.reading(
      scopes.map(({ id }) => id),
      days,
    ),
  );
  const gone: VmId[] = [];
  const vms = await gatherVms(inventory, scopes, inner, gaps, limit, query && ((vm) => gone.push(vm)));
  warnEach(
    log,
    gone.map((vm) => ({ vm })),
    ({ vm }) => say.goneFromQuery(vm.name),
    say.moreGoneFromQuery,
  );
  log.line(say.vmsFound(vms.length, gaps.all().length === 0));
  log.progress(20, 'Reading networks, policies, and requests');
  const to = timeOf(inventory, time, gaps);
  const period = { from: to - days * DAY_MS, to, days };
  const gathered = await gatherAround(inventory, scopes, vms, period, gaps, limit);
  log.progress(80, 'Creating the report');
  const noted = gaps.all();
  const about = { scopes, period, gaps: noted.map(({ gap }) => gap), azureNow: to, home, addedPorts };
  const report = await assemble(gathered, about, () => clock.sleep(0, signal));
  logReport(log, report, noted);
  return { report, gaps: noted };
}

/**
 * Returns Azure's time, from the responses so far, in milliseconds since 1970. If something in between responded
 * instead of Azure, which is already a gap, returns the agent's time. If nothing responded, throws the reason.
 */
function timeOf(inventory: Inventory, agentTime: () => number, gaps: Gaps): number {
  try {
    return inventory.azureNow();
  } catch (error) {
    const failure = gaps.all()[0]?.failure;
    if (!failure || kindOf(failure) === 'notReached') throw failure ?? error;
    return agentTime();
  }
}

function logReport(log: Log, report: Report, gaps: readonly NotedGap[]): void {
  const { counts, lookedAt } = report;
  const internetPorts = joinVersions(report.internetPorts);
  log.line(say.cover(counts));
  log.line(say.now(counts));
  log.line(checkedPortsText(lookedAt.ports, lookedAt.ipVersions));
  log.line(say.audit(counts, report.period.days));
  for (const { gap } of gaps) log.warning(say.gap(gap.part, gap.code, gap.text));
  for (const port of internetPorts.slice(0, MOST_WARNINGS)) log.warning(say.openToInternet(port));
  if (internetPorts.length > MOST_WARNINGS) log.warning(say.moreOpen(internetPorts.length - MOST_WARNINGS));
  // A VM under a policy looks closed. Only such a hole shows that it might not be.
  const covered = new Set(report.vms.filter(({ state }) => state === 'configured').map(({ id }) => id));
  const holes = joinVersions(report.mayBeOpenPorts.filter(({ vmId }) => covered.has(vmId)));
  for (const hole of holes.slice(0, MOST_WARNINGS)) log.warning(say.mayBeOpen(hole, doubtText(hole.over)));
  if (holes.length > MOST_WARNINGS) log.warning(say.moreMayBeOpen(holes.length - MOST_WARNINGS));
}
