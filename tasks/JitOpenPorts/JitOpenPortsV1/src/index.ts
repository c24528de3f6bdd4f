import '../../../shared/host/first';

// Imported only after the first import is complete: if a program has several files, all static imports run before its
// own code.
const program = import('./program');

/**
 * Runs the post-job step for post.js. The code that calls Azure is in these files, and a second copy would double the
 * size of the extension.
 */
export const runPostJob = async (): Promise<void> => (await program).postJob();

if (require.main?.filename === __filename) void program.then(({ main }) => main());
