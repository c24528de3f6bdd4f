import { agentHost } from '../../../shared/host/agent';
import { runMain } from './run';
import { runAfter } from './runAfter';

/** Runs the main step with the agent. */
export const main = (): Promise<void> => runMain(agentHost);

/** Runs the post-job step with the agent. */
export const postJob = (): Promise<void> => runAfter(agentHost);
