import { agentHost } from '../../../shared/host/agent';
import { runMain } from './run';

/** Runs the main step with the agent. */
export const main = (): Promise<void> => runMain(agentHost);
