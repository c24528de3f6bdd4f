import type { Opened as Noted } from '../plan/state';
import { CodedError } from '../../../../shared/core/errors';
import { agentLog } from '../../../../shared/host/agent';
import { showSummary } from '../../../../shared/task/outputs';
import { stoppedBy } from '../messages/dryRun';
import { type Topic } from '../../../../shared/core/checks';
import { DRY_RUN_HEADING } from '../messages/opening';
import { checkListMarkdown, failed, tellCheckList, unchecked } from '../../../../shared/task/checkList';
import type { World } from '../context';
import type { OpenPortsInputs } from '../plan/inputs';
import { rehearse, type Rehearsal } from './checkAll';

const BEHIND_CONNECTION: readonly Topic[] = ['Source', 'Policy', 'VM', 'Request', 'Rules now', 'Rights'];

/**
 * The dry run of a step: shows the check list on the run's page, also when it fails, and then throws what the real
 * run would fail with.
 *
 * @param connect makes the world; throws JIT201 when the connection is of no use
 */
export async function runDry(
  inputs: OpenPortsInputs,
  connect: () => World,
  earlier: readonly Noted[],
  signal: AbortSignal,
): Promise<void> {
  const { checks, failure } = await rehearseIn(inputs, connect, earlier);
  if (signal.aborted) return;
  showSummary(DRY_RUN_HEADING, checkListMarkdown(checks));
  if (failure) throw failure;
  agentLog.progress(100, 'Done');
}

async function rehearseIn(
  inputs: OpenPortsInputs,
  connect: () => World,
  earlier: readonly Noted[],
): Promise<Rehearsal> {
  let world: World;
  try {
    world = connect();
  } catch (failure) {
    if (!(failure instanceof CodedError)) throw failure;
    const behind = BEHIND_CONNECTION.map((topic) => unchecked(topic, stoppedBy(failure)));
    const checks = [failed('Connection', failure), ...behind];
    tellCheckList(agentLog, checks);
    return { checks, failure };
  }
  return rehearse(inputs, world, earlier);
}
