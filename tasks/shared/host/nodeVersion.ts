import { basename } from 'node:path';

/**
 * Imported before everything else: on a system with an old C library, the agent uses Node 16, on which the rest of the
 * program would fail with a stack trace. The post-job step must not fail the job, and has nothing to close if the main
 * step could not run, so it only exits.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  if (basename(process.argv[1] ?? '') === 'index.js') {
    const text = `JIT102: This task needs Node 20 or later, and the agent runs it with Node ${process.versions.node}. Update the agent, or the operating system that it runs on: the agent uses an old Node version where the C library is too old.`;
    process.stdout.write(
      `##vso[task.issue type=error;]${text}\n##vso[task.complete result=Failed;]${text}\n`,
    );
  }
  process.exit(0);
}
