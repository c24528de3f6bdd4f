import type { PartialStrykerOptions } from '@stryker-mutator/api/core';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { judgePart, problemsOf, type TestedMutant } from './mutation/judge';
import { MUTATED_PARTS, type MutatedPart } from './mutation/parts';
import { SURVIVORS } from './mutation/survivors';
import { ROOT } from './stage';

/** The minimum percentage of mutants of a part that must die. */
const LEAST = 92;

/** Two processes, unless the machine has other work. */
const CONCURRENCY = Number(process.env['MUTATION_PROCESSES'] ?? 2);

/**
 * `npm run mutation`: changes the code in small steps, one at a time, and runs the tests that reach the change. A
 * mutant that no test detects survives, and must be in the list of explanations. `-- closing` runs one part, `--
 * file.ts` one file of a part.
 */
async function main(): Promise<void> {
  process.chdir(ROOT);
  const problems: string[] = [];
  for (const part of chosen(process.argv.slice(2))) {
    const began = Date.now();
    const mutants = await mutate(part);
    const own = SURVIVORS.filter(({ file }) => part.files.includes(file));
    const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
    const result = judgePart(mutants, read, own);
    problems.push(...problemsOf(part.name, result, LEAST));
    const { died, total, percent, explained } = result;
    const minutes = ((Date.now() - began) / 60_000).toFixed(1);
    console.log(
      `${part.name}: ${String(died)} of ${String(total)} mutants die, ${percent.toFixed(1)} %; ` +
        `${String(explained)} survivors are explained. ${minutes} minutes.`,
    );
  }
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}

/**
 * Returns the parts with these names, or those with the named files, reduced to these. Without names, returns all
 * parts.
 */
function chosen(names: readonly string[]): readonly MutatedPart[] {
  if (names.length === 0) return MUTATED_PARTS;
  return names.map((name) => {
    const whole = MUTATED_PARTS.find((one) => one.name === name);
    if (whole) return whole;
    const part = MUTATED_PARTS.find(({ files }) => files.some((file) => path.basename(file) === name));
    if (!part)
      throw new Error(
        `There is no part or file named "${name}": ${MUTATED_PARTS.map((one) => one.name).join(', ')}.`,
      );
    return { ...part, name, files: part.files.filter((file) => path.basename(file) === name) };
  });
}

async function mutate({ files, tests }: MutatedPart): Promise<readonly TestedMutant[]> {
  const { Stryker } = await import('@stryker-mutator/core');
  // Stryker's log levels are an enum that only exists in its types.
  const options: unknown = {
    mutate: [...files],
    testRunner: 'mocha',
    checkers: ['types'],
    checkerNodeArgs: ['--import', 'tsx'],
    plugins: ['runner', 'checker'].map((name) => path.join(ROOT, `scripts/mutation/${name}.ts`)),
    mochaFiles: tests,
    testRunnerNodeArgs: ['--import', 'tsx', '--import', './scripts/mutation/sameChance.ts'],
    coverageAnalysis: 'perTest',
    concurrency: CONCURRENCY,
    tempDirName: 'dist/mutation',
    ignorePatterns: ['/dist', '/docs', '/images', '/publishing', '/.windows'],
    // On a busy machine, a slow test does not mean that the mutant died. Endless loops are stopped by their count.
    timeoutMS: 60_000,
    disableTypeChecks: false,
    reporters: ['progress-append-only'],
    logLevel: 'error',
    warnings: false,
    allowConsoleColors: false,
  };
  const mutants = await new Stryker(options as PartialStrykerOptions).runMutationTest();
  return mutants.map(({ fileName, location, replacement, status }) => ({
    ...{ file: path.relative(ROOT, fileName).split(path.sep).join('/'), location, replacement, status },
  }));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
