// First, so that an old Node reads one sentence and not a stack trace.
import '../../../shared/host/nodeVersion';
import '../../../shared/host/cancellation';
import { runMain } from './run';
import { runAfter } from './runAfter';

/** What post.js runs: the SDKs are in this file, and a second copy would double the extension. */
export { runAfter };

if (require.main === module) void runMain();
