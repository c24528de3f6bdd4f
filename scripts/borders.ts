import { checkBorders, reachedByOneTask, unusedArrows } from './borders/check';
import { ROOT } from './stage';

/** `npm run borders`, a part of `npm run lint`: rejects imports that the table of parts does not allow. */
async function main(): Promise<void> {
  const borders = await checkBorders(ROOT);
  const problems = [
    ...borders.problems,
    ...unusedArrows(borders).map((arrow) => `The arrow ${arrow} is in the table, but no import needs it.`),
    ...reachedByOneTask(borders).map((file) => `${file} is shared, but fewer than two tasks use it.`),
  ];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`All imports are allowed: ${String(borders.files.length)} files.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
