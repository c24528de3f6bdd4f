import { CASES, runCase } from '../test/support/live/matrix';

/** `npm run live:matrix`: what the live kit finds out in each setting of the simulated Azure. */
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
    wrong === 0 ? `All ${String(CASES.length)} settings were found out.` : `${String(wrong)} were not.`,
  );
  if (wrong > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
