import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DOCUMENTED, withTables, type DocumentedTask } from './docTables';
import { ROOT } from './stage';

/** `npm run docs`: writes the tables of inputs and outputs in README.md anew, out of the task.json files. */
async function main(): Promise<void> {
  const readme = path.join(ROOT, 'README.md');
  let text = await readFile(readme, 'utf8');
  for (const [folder, place] of DOCUMENTED) {
    const task = path.join(ROOT, 'tasks', folder, 'task.json');
    text = await withTables(text, readme, JSON.parse(await readFile(task, 'utf8')) as DocumentedTask, place);
  }
  await writeFile(readme, text);
  console.log('Wrote the tables of README.md.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
