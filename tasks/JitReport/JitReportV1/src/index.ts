import '../../../shared/host/first';
import { agentHost } from '../../../shared/host/agent';
import { runMain } from './run';

if (require.main === module) void runMain(agentHost);
