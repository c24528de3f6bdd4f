import type { NotedPort as Noted } from '../plan/state';
import { isSignInFailure } from '../../../../shared/core/codes';
import { CodedError } from '../../../../shared/core/errors';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { Host } from '../../../../shared/host/host';
import { showSummary } from '../../../../shared/task/outputs';
import { stoppedBy } from '../messages/dryRun';
import type { CheckList, Topic } from '../../../../shared/core/checks';
import { DRY_RUN_HEADING } from '../messages/opening';
import { nothingSelected } from '../../../../shared/messages/vmQuery';
import {
  checkListMarkdown,
  failed,
  logCheckList,
  passed,
  unchecked,
} from '../../../../shared/task/checkList';
import type { Context } from '../context';
import type { WrittenInputs } from '../plan/inputs';
import { checkAll } from './checkAll';
import type { DryRun } from './checks';

/** Finds the VMs that the inputs name, or that a query selects. */
type FindWantedVms = (context: Context, vms: WrittenInputs['vms']) => Promise<readonly VmId[]>;

const BEHIND_CONNECTION: readonly Topic[] = ['Source', 'Policy', 'VM', 'Request', 'Rules now', 'Rights'];

/**
 * Makes the dry run of a step. Shows the check list on the run's page, even if it fails, and then throws the failure
 * that the real run would have. Returns the issue of a step that would continue without some VMs or ports, if any.
 *
 * @param connect creates the context; throws JIT201 if the connection cannot be used
 * @param findVms finds the VMs that the inputs mean; throws a `CodedError` if that fails
 * @param onChecked called with the check list, before anything is thrown
 */
export async function runDry(
  host: Host,
  inputs: WrittenInputs,
  connect: () => Context,
  findVms: FindWantedVms,
  earlier: readonly Noted[],
  onChecked: (checks: CheckList) => void,
): Promise<string | undefined> {
  const { checks, failure, issue } = await checkIn(host, inputs, connect, findVms, earlier);
  onChecked(checks);
  if (host.cancelled.aborted) return undefined;
  showSummary(host, DRY_RUN_HEADING, checkListMarkdown(checks));
  if (failure) throw failure;
  host.log.progress(100, 'Done');
  return issue;
}

async function checkIn(
  host: Host,
  inputs: WrittenInputs,
  connect: () => Context,
  findVms: FindWantedVms,
  earlier: readonly Noted[],
): Promise<DryRun> {
  let context: Context | undefined;
  try {
    context = connect();
    const vms = await findVms(context, inputs.vms);
    if (vms.length > 0) return await checkAll({ ...inputs, vms }, context, earlier);
    return { checks: [passed('VM', nothingSelected)], failure: undefined };
  } catch (failure) {
    if (!(failure instanceof CodedError)) throw failure;
    const isOfVms = context !== undefined && !isSignInFailure(failure);
    const topic = isOfVms ? 'VM' : 'Connection';
    const behind = BEHIND_CONNECTION.filter((other) => other !== topic);
    const checks = [failed(topic, failure), ...behind.map((other) => unchecked(other, stoppedBy(failure)))];
    logCheckList(host.log, checks);
    return { checks, failure };
  }
}
