import '../../../shared/host/first';
import { agentHost } from '../../../shared/host/agent';
import { runMain } from './run';
import { runAfter } from './runAfter';

/** What post.js runs: what speaks to Azure is in this file, and a second copy would double the extension. */
export const runPostJob = (): Promise<void> => runAfter(agentHost);

if (require.main === module) void runMain(agentHost);
