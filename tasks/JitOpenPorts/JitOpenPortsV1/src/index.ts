import '../../../shared/host/first';

// Imported when the first import has done its work: where a program has several files, all that is imported runs before it.
const program = import('./program');

/** What post.js runs: what speaks to Azure is in these files, and a second copy would double the extension. */
export const runPostJob = async (): Promise<void> => (await program).postJob();

if (require.main?.filename === __filename) void program.then(({ main }) => main());
