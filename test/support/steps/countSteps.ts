import { Session } from 'node:inspector/promises';

/**
 * Creates a counter of the steps that the product's own code takes for a piece of work: every function call and every
 * execution of a block, as V8 counts them for coverage. The counts are the same on every machine, and require no
 * changes to the code. Only code that is loaded after this call counts, and only in a process without optimizing
 * compilers.
 */
export async function createStepCounter(): Promise<(work: () => unknown) => Promise<number>> {
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
