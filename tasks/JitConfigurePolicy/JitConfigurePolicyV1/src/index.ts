import '../../../shared/host/first';

// Imported dynamically, so that it runs after the first import: in a program with several files, static imports would
// run before it.
const program = import('./program');

if (require.main?.filename === __filename) void program.then(({ main }) => main());
