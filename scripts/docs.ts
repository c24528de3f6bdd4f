import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DOCUMENTED, withTables, type DocumentedTask } from './docTables';
import { checkBorders } from './borders/check';
import { picture, table } from './borders/page';
import { list } from './fidelity/page';
import { replaceMarkedPart } from './markedPart';
import { ROOT } from './stage';

/**
 * `npm run docs`: writes the tables of inputs and outputs in README.md anew, out of the task.json files, and the picture
 * and the table of parts in docs/architecture.md, out of the imports, and the list of assumptions in docs/fidelity.md.
 */
async function main(): Promise<void> {
  const readme = path.join(ROOT, 'README.md');
  let text = await readFile(readme, 'utf8');
  for (const [folder, place] of DOCUMENTED) {
    const task = path.join(ROOT, 'tasks', folder, 'task.json');
    text = await withTables(text, readme, JSON.parse(await readFile(task, 'utf8')) as DocumentedTask, place);
  }
  await writeFile(readme, text);
  const architecture = path.join(ROOT, 'docs/architecture.md');
  await replaceMarkedPart(architecture, 'picture of the parts', picture(await checkBorders(ROOT)));
  await replaceMarkedPart(architecture, 'table of arrows', table());
  await replaceMarkedPart(path.join(ROOT, 'docs/fidelity.md'), 'assumptions', list());
  console.log('Wrote the tables of README.md and docs/architecture.md, and the list of docs/fidelity.md.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
