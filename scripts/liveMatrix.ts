import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { writeSampleReport } from '../test/support/live/sampleReport';
import { CASES, runCase } from '../test/support/live/matrix';

const SAMPLE = path.resolve(__dirname, '../docs/fidelity-sample.md');

/**
 * `npm run live:matrix`: tests what the live kit finds out with each setting of the simulated Azure. It also rewrites
 * the sample report.
 */
async function main(): Promise<void> {
  let wrong = 0;
  for (const one of CASES) {
    const { set, found, missed } = await runCase(one);
    wrong += missed.length;
    console.log(`${missed.length === 0 ? 'ok   ' : 'WRONG'} ${one.name}`);
    const names = Object.keys(Object.keys(set).length > 0 ? set : found) as (keyof typeof found)[];
    for (const name of names) {
      const given = name in set ? `set ${String(set[name])}, ` : '';
      console.log(`        ${name}: ${given}found ${String(found[name] ?? 'nothing')}`);
    }
  }
  console.log(
    wrong === 0
      ? `All ${String(CASES.length)} settings were detected.`
      : `${String(wrong)} were not detected.`,
  );
  const sample = await format(await writeSampleReport(), {
    ...(await resolveConfig(SAMPLE)),
    parser: 'markdown',
  });
  await writeFile(SAMPLE, sample);
  console.log('Wrote docs/fidelity-sample.md.');
  if (wrong > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
