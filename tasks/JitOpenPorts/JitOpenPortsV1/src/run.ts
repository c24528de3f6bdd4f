import { createContext } from './createContext';
import { createLedger } from './plan/ledger';
import { formatState, readState, STATE_VARIABLE, toOpened, type State } from './plan/state';
import type { Content } from '../../../shared/document/document';
import { agentConnection, type Host } from '../../../shared/host/host';
import { readNote, writeNote } from './host/notes';
import { isCrowd, logEach, warnEach } from '../../../shared/core/crowd';
import type { Log } from '../../../shared/core/log';
import type { VmId } from '../../../shared/core/resourceIds';
import { isVmQuery } from '../../../shared/core/vmQuery';
import { setOutputs, showSummary } from '../../../shared/task/outputs';
import { selectVms } from '../../../shared/task/selectVms';
import { toShown } from '../../../shared/task/checkList';
import { runStep } from '../../../shared/task/step';
import { closingHasBegun, earlierUnreadable } from './messages/closing';
import { leftOpen, leftOpenEach, leftOpenTitle } from './messages/requesting';
import {
  moreNotOpen,
  notOpen,
  notOpenMany,
  openInPart,
  OPEN_HEADING,
  partlyFailed,
} from './messages/opening';
import { untilClosing } from './azure/untilClosing';
import { toOpenedContent } from './content';
import type { Context } from './context';
import { hasClosingBegun } from './host/closingMark';
import { runDry } from './dryRun/dryRun';
import { readInputs } from './inputs';
import type { OpenPortsInputs, WrittenInputs } from './plan/inputs';
import { describeRun } from './justification';
import { notOpenIn, openPorts, type Outcome } from './open/openPorts';
import { toOutputs } from './outputs';
import { toSummary } from './summary';

/** Runs the program of JitOpenPorts@1: reads from the host, runs the workflow, and returns its results to the host. */
export function runMain(host: Host): Promise<void> {
  let earlier: State = { connectionId: '', close: false, opened: [] };
  let content: () => Content = () => toOpenedContent(ledger, undefined);
  let noteOpened = (): void => undefined;
  const ledger = createLedger(() => {
    noteOpened();
  });
  return runStep(host, {
    task: 'JitOpenPorts',
    content: () => content(),
    leftOpen() {
      const { open, perhaps } = ledger;
      const each = leftOpenEach(open, perhaps);
      // The sentence names only the first of many ports.
      if (isCrowd(each)) logEach(host.log, leftOpenTitle(each.length), each, ({ text }) => text);
      return leftOpen(open, perhaps);
    },
    begin() {
      earlier = readEarlier(host) ?? earlier;
      // Saved immediately, even if there is nothing to save: the task variable then replaces a pipeline variable of
      // this name.
      writeNote(host, STATE_VARIABLE, formatState(earlier));
    },
    async work(signal) {
      const connection = host.readConnection(host.readInput('connectedServiceName'));
      const written = readInputs(
        (name) => host.readInput(name),
        connection.property('subscriptionId') || undefined,
      );
      const connect = (): Context => {
        const context = createContext(host, connection, signal);
        return { ...context, jit: untilClosing(context.jit, hasClosingBegun, closingHasBegun) };
      };
      if (written.dryRun) {
        return await runDry(host, written, connect, findVms, earlier.opened, (checks) => {
          content = () => ({ kind: 'checks', checks: checks.map(toShown) });
        });
      }
      const context = connect();
      noteOpened = () => {
        const state = {
          connectionId: connection.id,
          hosts: context.hosts,
          close: written.closeAtJobEnd,
          opened: toOpened(earlier.opened, ledger),
        };
        writeNote(host, STATE_VARIABLE, formatState(state));
      };
      const inputs = { ...withReason(host, written), vms: await findVms(context, written.vms) };
      const opened = await openPorts(inputs, context, ledger, earlier.opened);
      // If a wait was interrupted, its outcome is unknown.
      if (signal.aborted) return undefined;
      content = () => toOpenedContent(ledger, opened);
      const outputs = toOutputs(opened);
      if (outputs) setOutputs(host, outputs);
      const summary = toSummary(opened);
      if (summary !== undefined) showSummary(host, OPEN_HEADING, summary);
      const issue = toIssue(host.log, inputs, opened);
      host.log.progress(100, 'Done');
      return issue;
    },
  });
}

/** Returns the VMs that are named, or those that a query selects. */
const findVms = async (context: Context, vms: WrittenInputs['vms']): Promise<readonly VmId[]> =>
  isVmQuery(vms) ? selectVms(context, vms) : vms;

/**
 * Returns the issue of a step that succeeds although something is not open. Throws the failure of the step if nothing
 * is open, or if `onPartial` is `fail`.
 */
function toIssue(log: Log, { onPartial }: OpenPortsInputs, outcome: Outcome): string | undefined {
  const open = outcome.accesses.filter(({ waited }) => waited.status !== 'failed');
  const notOpened = notOpenIn(outcome);
  const failure = partlyFailed(notOpened, open.length);
  if (failure && (onPartial === 'fail' || open.length === 0)) {
    // The failure names only the first of many ports.
    if (isCrowd(notOpened)) logEach(log, notOpenMany(notOpened.length), notOpened, notOpen);
    throw failure;
  }
  warnEach(log, notOpened, notOpen, moreNotOpen);
  return failure && openInPart(open.length, notOpened.length);
}

const withReason = (host: Host, inputs: WrittenInputs): WrittenInputs => ({
  ...inputs,
  justification:
    inputs.justification || describeRun((name) => host.readVariable(name), agentConnection(host).url),
});

/**
 * Reads what earlier attempts of this step opened. A variable of the pipeline can replace the note, which the seal
 * reveals.
 */
function readEarlier(host: Host): State | undefined {
  const { text, isGenuine } = readNote(host, STATE_VARIABLE);
  const noted = readState(text, isGenuine);
  if (noted.kind === 'unreadable') host.log.warning(earlierUnreadable(noted.reason));
  return noted.kind === 'state' ? noted.state : undefined;
}
