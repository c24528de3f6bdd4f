import { writeCounts } from './countSteps';

/** A program: counts the steps of work on lists of sources. */

/** Returns addresses without neighbors, so that each stays a separate range. */
const textsOf = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, at) => `20.${String(50 + (at >> 12))}.${String((at >> 5) & 127)}.${String((at & 31) * 8)}`,
  );
const rangesOf = (count: number): { first: number; last: number }[] =>
  Array.from({ length: count }, (_, at) => ({ first: at * 16, last: at * 16 + 7 })).reverse();

writeCounts(async () => {
  const { parsePrefixes } = await import('../../../tasks/shared/core/prefixes');
  const { createPrefixCover, prefixesCover } = await import('../../../tasks/shared/core/sources');
  const { covers, intersect, subtract, union } = await import('../../../tasks/shared/core/ranges');
  const { sameSources } = await import('../../../tasks/shared/core/requests');
  const { anyPort, aWorkflow } = await import('../../flow/workflow');
  const sourcesOf = (size: number) => parsePrefixes(textsOf(size));
  const open =
    (inputs: Parameters<ReturnType<typeof aWorkflow>['run']>[0]) =>
    async (size: number): Promise<void> => {
      const { run } = aWorkflow({ ports: [anyPort(22, { sources: textsOf(size) })] });
      const { codes } = await run({ sourceIp: 'policy', ...inputs });
      if (codes.length > 0) throw new Error(codes.join());
    };
  const cut = ({ first }: { first: number }) => ({ first: first + 2, last: first + 3 });
  return {
    union: (size) => union(rangesOf(size), rangesOf(size)),
    subtract: (size) => subtract(rangesOf(size), rangesOf(size).map(cut)),
    intersect: (size) => intersect(rangesOf(size), rangesOf(size)),
    covers: (size) => covers(rangesOf(size), rangesOf(size)),
    prefixesCover: (size) => prefixesCover(sourcesOf(size), sourcesOf(size)),
    'a cover for one after the other': (size) => sourcesOf(size).every(createPrefixCover(sourcesOf(size))),
    sameSources: (size) => sameSources(sourcesOf(size), sourcesOf(size).toReversed()),
    'opening a port': open({}),
    'opening a port and sharing it': open({ shareActiveRequests: 'true' }),
    'a dry run': open({ dryRun: 'true' }),
  };
});
