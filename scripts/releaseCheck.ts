import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findReleaseProblems } from './releaseProblems';
import { ROOT } from './stage';

/** `npm run release:check -- v1.0.0`: fails if this tag must not be published, and gives the reason. */
async function main(): Promise<void> {
  const [tag = ''] = process.argv.slice(2);
  const read = (file: string): Promise<string> => readFile(path.join(ROOT, file), 'utf8');
  const [packageJson, changelog] = await Promise.all([read('package.json'), read('CHANGELOG.md')]);
  const problems = findReleaseProblems({
    tag,
    packageJson: JSON.parse(packageJson) as Record<string, unknown>,
    changelog,
  });
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(`${tag} can be published.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
