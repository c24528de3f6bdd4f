import type { NotedPort as Noted } from '../plan/state';
import { CodedError } from '../../../../shared/core/errors';
import type { Host } from '../../../../shared/host/host';
import { showSummary } from '../../../../shared/task/outputs';
import { stoppedBy } from '../messages/dryRun';
import type { CheckList, Topic } from '../../../../shared/core/checks';
import { DRY_RUN_HEADING } from '../messages/opening';
import { checkListMarkdown, failed, logCheckList, unchecked } from '../../../../shared/task/checkList';
import type { Context } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { checkAll, type DryRun } from './checkAll';

const BEHIND_CONNECTION: readonly Topic[] = ['Source', 'Policy', 'VM', 'Request', 'Rules now', 'Rights'];

/**
 * The dry run of a step: shows the check list on the run's page, also when it fails, and then throws what the real
 * run would fail with.
 *
 * @param onChecked told of what was found, before anything is thrown
 * @param connect makes the context; throws JIT201 when the connection is of no use
 */
export async function runDry(
  host: Host,
  inputs: OpenPortsInputs,
  connect: () => Context,
  earlier: readonly Noted[],
  onChecked: (checks: CheckList) => void,
): Promise<void> {
  const { checks, failure } = await checkIn(host, inputs, connect, earlier);
  onChecked(checks);
  if (host.cancelled.aborted) return;
  showSummary(host, DRY_RUN_HEADING, checkListMarkdown(checks));
  if (failure) throw failure;
  host.log.progress(100, 'Done');
}

async function checkIn(
  host: Host,
  inputs: OpenPortsInputs,
  connect: () => Context,
  earlier: readonly Noted[],
): Promise<DryRun> {
  let context: Context;
  try {
    context = connect();
  } catch (failure) {
    if (!(failure instanceof CodedError)) throw failure;
    const behind = BEHIND_CONNECTION.map((topic) => unchecked(topic, stoppedBy(failure)));
    const checks = [failed('Connection', failure), ...behind];
    logCheckList(host.log, checks);
    return { checks, failure };
  }
  return checkAll(inputs, context, earlier);
}
