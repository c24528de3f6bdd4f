// First, so that an old Node reads one sentence and not a stack trace.
import '../../../shared/host/nodeVersion';
import '../../../shared/host/cancellation';
import { runMain } from './run';

if (require.main === module) void runMain();
