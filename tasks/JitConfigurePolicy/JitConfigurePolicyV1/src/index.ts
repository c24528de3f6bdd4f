import '../../../shared/host/first';

// Imported when the first import has done its work: where a program has several files, all that is imported runs before it.
const program = import('./program');

if (require.main?.filename === __filename) void program.then(({ main }) => main());
