import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generatedParts, withGeneratedParts } from './docTables';
import { checkBorders } from './borders/check';
import { picture, table } from './borders/page';
import { list } from './fidelity/page';
import { replaceMarkedPart } from './markedPart';
import { ROOT } from './stage';

/**
 * `npm run docs`: writes the generated parts of the documents. These are the inputs, outputs, roles, and codes from the
 * task.json files, docs/roles, and the table of codes, the diagram and the table of parts in docs/architecture.md from
 * the imports, and the list of assumptions in docs/fidelity.md.
 */
async function main(): Promise<void> {
  for (const [file, parts] of Object.entries(generatedParts(ROOT))) {
    const target = path.join(ROOT, file);
    await writeFile(target, await withGeneratedParts(target, await readFile(target, 'utf8'), parts));
  }
  const architecture = path.join(ROOT, 'docs/architecture.md');
  await replaceMarkedPart(architecture, 'picture of the parts', picture(await checkBorders(ROOT)));
  await replaceMarkedPart(architecture, 'table of arrows', table());
  await replaceMarkedPart(path.join(ROOT, 'docs/fidelity.md'), 'assumptions', list());
  console.log(
    'Wrote the generated parts of README.md, docs/marketplace.md, docs/reference.md, docs/architecture.md and docs/fidelity.md.',
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
