import '../../../shared/host/first';
import { runMain } from './run';
import { runAfter } from './runAfter';

/** What post.js runs: the SDKs are in this file, and a second copy would double the extension. */
export { runAfter };

if (require.main === module) void runMain();
