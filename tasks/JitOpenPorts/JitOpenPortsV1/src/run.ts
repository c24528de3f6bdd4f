import { createLedger } from '../../../shared/access/ledger';
import { createAzure } from '../../../shared/azure/azure';
import { parseConnection } from '../../../shared/azure/connection';
import * as agent from '../../../shared/host/agent';
import { systemClock } from '../../../shared/host/clock';
import { tcpProbe } from '../../../shared/host/probe';
import { createPublicAddress } from '../../../shared/host/publicAddress';
import { createWays } from '../../../shared/host/routes';
import { runStep } from '../../../shared/host/step';
import { leftOpen } from '../../../shared/messages/requesting';
import { partlyFailed, pausing } from '../../../shared/messages/story';
import type { World } from '../../../shared/world';
import { readInputs, type OpenPortsInputs } from './inputs';
import { describeRun } from './justification';
import { openPorts } from './openPorts';
import { toOutputs } from './outputs';
import { toSummary } from './summary';

/** JitOpenPorts@1: the real world, the story, and what the agent learns of it. */
export function runTask(): Promise<void> {
  const ledger = createLedger();
  return runStep({
    leftOpen: () => leftOpen(ledger.open, ledger.perhaps),
    async work(signal) {
      const connection = agent.readConnection(agent.readInput('connectedServiceName'));
      const inputs = readInputs(agent.readInput, connection.property('subscriptionId') || undefined);
      const opened = await openPorts(withReason(inputs), createWorld(connection, signal), ledger);
      if (signal.aborted) return;
      for (const [name, value] of Object.entries(toOutputs(opened) ?? {})) agent.setOutput(name, value);
      const summary = toSummary(opened);
      if (summary !== undefined) agent.showSummary(summary);
      const open = opened.accesses.filter(({ waited }) => waited.status !== 'failed');
      const failure = partlyFailed(opened.failures, open.length);
      if (failure) throw failure;
      agent.agentLog.progress(100, 'Done');
    },
  });
}

const withReason = (inputs: OpenPortsInputs): OpenPortsInputs => ({
  ...inputs,
  justification: inputs.justification || describeRun(agent.readVariable),
});

function createWorld(raw: agent.AgentConnection, signal: AbortSignal): World {
  const ways = createWays(agent.proxyFor, agent.readVariable('Agent.CAInfo') || undefined);
  const azure = createAzure({
    connection: parseConnection(raw),
    routes: ways,
    oidc: agent.readOidcSource(),
    clock: systemClock,
    announce: ({ reason, waitMs }) => {
      agent.agentLog.line(pausing(reason, waitMs));
    },
    onSecret: agent.maskSecret,
    signal,
  });
  return {
    ...azure,
    publicAddress: createPublicAddress(ways, agent.readVariable('Agent.ProxyUrl') !== ''),
    probe: tcpProbe,
    clock: systemClock,
    log: agent.agentLog,
    signal,
  };
}
