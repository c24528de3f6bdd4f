import type { Host } from '../../../shared/host/host';
import { setOutputs, showSummary } from '../../../shared/task/outputs';
import { runStep } from '../../../shared/task/step';
import { createContext } from './createContext';
import { POLICIES_HEADING } from './messages/policies';
import { policiesFailed, leftChanged } from './messages/policyFailures';
import { configurePolicy } from './configurePolicy';
import { createWritten, splitWritten } from './plan/written';
import { readInputs } from './inputs';
import { toOutputs } from './outputs';
import { toPolicyContent } from './content';
import type { Configured } from './plan/results';
import { toSummary } from './summary';

/**
 * Runs JitConfigurePolicy@1: reads the inputs from the host, runs the workflow, and sets outputs, summary, and result.
 */
export function runMain(host: Host): Promise<void> {
  const written = createWritten();
  let configured: Configured | undefined;
  let dryRun = false;
  return runStep(host, {
    task: 'JitConfigurePolicy',
    leftOpen: () => leftChanged(splitWritten(written)),
    content: () => toPolicyContent(configured, written, dryRun),
    async work(signal) {
      const connection = host.readConnection(host.readInput('connectedServiceName'));
      const inputs = readInputs(
        (name) => host.readInput(name),
        connection.property('subscriptionId') || undefined,
      );
      dryRun = inputs.dryRun;
      configured = await configurePolicy(inputs, createContext(host, connection, signal), written);
      if (signal.aborted) return undefined;
      setOutputs(host, toOutputs(configured));
      showSummary(host, POLICIES_HEADING, toSummary(configured, dryRun));
      const failure = policiesFailed(configured.failures, splitWritten(written));
      if (failure) throw failure;
      host.log.progress(100, 'Done');
      return undefined;
    },
  });
}
