import * as agent from '../../../shared/host/agent';
import { setOutputs, showSummary } from '../../../shared/task/outputs';
import { runStep } from '../../../shared/task/step';
import { leftChanged, policiesFailed, POLICIES_HEADING } from './messages/policies';
import { configurePolicy } from './configurePolicy';
import { createWritten } from './plan/written';
import { readInputs } from './inputs';
import { toOutputs } from './outputs';
import { toSummary } from './summary';

/** The one stage of JitConfigurePolicy@1: the real world, the story, and what the agent learns of it. */
export function runMain(): Promise<void> {
  const written = createWritten();
  return runStep({
    leftOpen: () => leftChanged([...written.changed.values()], [...written.underWay.values()]),
    async work(signal) {
      const connection = agent.readConnection(agent.readInput('connectedServiceName'));
      const inputs = readInputs(agent.readInput, connection.property('subscriptionId') || undefined);
      // A step with a wrong input ends without what speaks to Azure, which is most of the program.
      const { createWorld } = await import('./dependencies');
      const configured = await configurePolicy(inputs, createWorld(connection, signal), written);
      if (signal.aborted) return;
      setOutputs(toOutputs(configured));
      showSummary(POLICIES_HEADING, toSummary(configured));
      const failure = policiesFailed(
        configured.failures,
        [...written.changed.values()],
        [...written.underWay.values()],
      );
      if (failure) throw failure;
      agent.agentLog.progress(100, 'Done');
    },
  });
}
