import { agentHost } from '../../../shared/host/agent';
import { runMain } from './run';
import { runAfter } from './runAfter';

/** The main step, with the agent. */
export const main = (): Promise<void> => runMain(agentHost);

/** The post-job step, with the agent. */
export const postJob = (): Promise<void> => runAfter(agentHost);
