import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withTables, type DocumentedTask } from './docTables';
import { ROOT } from './stage';

/** `npm run docs`: writes the tables of inputs and outputs in README.md anew, out of task.json. */
async function main(): Promise<void> {
  const task = path.join(ROOT, 'tasks/JitOpenPorts/JitOpenPortsV1/task.json');
  const readme = path.join(ROOT, 'README.md');
  const definition = JSON.parse(await readFile(task, 'utf8')) as DocumentedTask;
  await writeFile(readme, await withTables(await readFile(readme, 'utf8'), readme, definition));
  console.log('Wrote the tables of README.md.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
