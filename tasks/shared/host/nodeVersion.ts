/**
 * Imported before everything else: on a system with an old C library the agent falls back to Node 16, where
 * the rest of this file would fail with a stack trace.
 */
const major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  const text = `JIT102: This task needs Node 20 or later, and the agent runs it with Node ${process.versions.node}. Update the agent, or the operating system it runs on: the agent falls back to an old Node where the C library is too old.`;
  process.stdout.write(`##vso[task.issue type=error;]${text}\n##vso[task.complete result=Failed;]${text}\n`);
  process.exit(0);
}
