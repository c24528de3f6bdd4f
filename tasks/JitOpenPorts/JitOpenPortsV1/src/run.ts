import { createLedger } from './plan/ledger';
import { formatState, readState, STATE_VARIABLE, toOpened, type State } from './plan/state';
import type { Content } from '../../../shared/document/document';
import { agentConnection, type Host } from '../../../shared/host/host';
import { readNote, writeNote } from './host/notes';
import { setOutputs, showSummary } from '../../../shared/task/outputs';
import { toShown } from '../../../shared/task/checkList';
import { runStep } from '../../../shared/task/step';
import { closingHasBegun, earlierUnreadable } from './messages/closing';
import { leftOpen } from './messages/requesting';
import { OPEN_HEADING, partlyFailed } from './messages/opening';
import { untilClosing } from './azure/untilClosing';
import { toOpenedContent } from './content';
import type { Context } from './context';
import { hasClosingBegun } from './host/closingMark';
import { runDry } from './dryRun/dryRun';
import { readInputs } from './inputs';
import { type OpenPortsInputs } from './plan/inputs';
import { describeRun } from './justification';
import { openPorts } from './open/openPorts';
import { toOutputs } from './outputs';
import { toSummary } from './summary';

/** The program of JitOpenPorts@1: the host in, the workflow, and what the host learns of it. */
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
    leftOpen: () => leftOpen(ledger.open, ledger.perhaps),
    begin() {
      earlier = readEarlier(host) ?? earlier;
      // At once, also when there is nothing to note: the agent's own takes the place of a variable of this name.
      writeNote(host, STATE_VARIABLE, formatState(earlier));
    },
    async work(signal) {
      const connection = host.readConnection(host.readInput('connectedServiceName'));
      const inputs = readInputs(
        (name) => host.readInput(name),
        connection.property('subscriptionId') || undefined,
      );
      // A step with a wrong input ends without what speaks to Azure, which is most of the program.
      const { createContext } = await import('./createContext');
      const connect = (): Context => {
        const context = createContext(host, connection, signal);
        return { ...context, jit: untilClosing(context.jit, hasClosingBegun, closingHasBegun) };
      };
      if (inputs.dryRun) {
        await runDry(host, inputs, connect, earlier.opened, (checks) => {
          content = () => ({ kind: 'checks', checks: checks.map(toShown) });
        });
        return;
      }
      noteOpened = () => {
        const state = {
          connectionId: connection.id,
          close: inputs.closeAtJobEnd,
          opened: toOpened(earlier.opened, ledger),
        };
        writeNote(host, STATE_VARIABLE, formatState(state));
      };
      const opened = await openPorts(withReason(host, inputs), connect(), ledger, earlier.opened);
      // Of a wait that was broken off nobody knows what it would have come to.
      if (signal.aborted) return;
      content = () => toOpenedContent(ledger, opened.accesses);
      const outputs = toOutputs(opened);
      if (outputs) setOutputs(host, outputs);
      const summary = toSummary(opened);
      if (summary !== undefined) showSummary(host, OPEN_HEADING, summary);
      const open = opened.accesses.filter(({ waited }) => waited.status !== 'failed');
      const failure = partlyFailed(opened.failures, open.length);
      if (failure) throw failure;
      host.log.progress(100, 'Done');
    },
  });
}

const withReason = (host: Host, inputs: OpenPortsInputs): OpenPortsInputs => ({
  ...inputs,
  justification:
    inputs.justification || describeRun((name) => host.readVariable(name), agentConnection(host).url),
});

/** What earlier attempts of this step opened. A note is not believed while a variable of the pipeline has its name. */
function readEarlier(host: Host): State | undefined {
  const { text, isGenuine, isContested } = readNote(host, STATE_VARIABLE);
  const noted = readState(text, isGenuine && !isContested);
  if (noted.kind === 'unreadable') host.log.warning(earlierUnreadable(noted.reason));
  return noted.kind === 'state' ? noted.state : undefined;
}
