import { Session } from 'node:inspector/promises';

/**
 * Creates a counter of the steps that the product's own code takes for a piece of work: every function call and every
 * execution of a block, as V8 counts them for coverage. The counts are the same on every machine, and require no
 * changes to the code. Only code that is loaded after this call counts, and only in a process without optimizing
 * compilers.
 */
async function createStepCounter(): Promise<(work: () => unknown) => Promise<number>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  return async (work) => {
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => url.includes('/tasks/'))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  };
}

/** Pieces of work by name. Each takes the length of its lists. */
export type Works = Readonly<Record<string, (size: number) => unknown>>;

/**
 * Runs a program that counts the steps of each work for lists of several lengths, which are the program's arguments,
 * and writes them as JSON, by the name of the work.
 *
 * @param load loads the code that is counted
 */
export function writeCounts(load: () => Promise<Works>): void {
  const main = async (sizes: readonly number[]): Promise<void> => {
    const count = await createStepCounter();
    const counts: Record<string, number[]> = {};
    for (const [name, work] of Object.entries(await load())) {
      await work(10);
      counts[name] = [];
      for (const size of sizes) counts[name].push(await count(() => work(size)));
    }
    process.stdout.write(JSON.stringify(counts));
  };
  main(process.argv.slice(2).map(Number)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
