import fc from 'fast-check';
import { playCase, randomCase } from '../../test/support/randomRuns';
import type { Supersession } from '../../test/support/azure';
import type { Table } from './page';

const SEEDS = [1, 2, 3, 4];
const CASES = 250;
const KEYS: Readonly<Record<Supersession, string>> = {
  'vm+port': 'replaces every older one for the VM and the port',
  'vm+port+source': 'replaces only one for the same sources',
  none: 'replaces none',
};

/**
 * Simulates random runs and requests of other people for one port. Returns the table, and a sentence for each broken
 * promise.
 */
export async function tryConcurrentRequests(): Promise<{
  readonly table: Table;
  readonly complaints: readonly string[];
}> {
  const rows: string[][] = [];
  const complaints: string[] = [];
  for (const [key, meaning] of Object.entries(KEYS) as [Supersession, string][]) {
    const cells: string[] = [];
    for (const seed of SEEDS) {
      const broken = new Set<string>();
      const property = fc.asyncProperty(randomCase, async (one) => {
        for (const breach of await playCase(one, key)) broken.add(breach);
        return broken.size === 0;
      });
      const { failed, numRuns } = await fc.check(property, { seed, numRuns: CASES, endOnFailure: true });
      complaints.push(...[...broken].map((breach) => `  ${meaning}, seed ${String(seed)}: ${breach}`));
      cells.push(failed ? `broken in case ${String(numRuns)}` : `${String(numRuns)} cases, none broken`);
    }
    rows.push([meaning, ...cells]);
  }
  return {
    complaints,
    table: {
      title: 'Concurrent requests',
      text: 'One to three runs of the task and up to four requests of other people for one port of one VM, on a simulated clock: single addresses, nested and overlapping ranges, `*`, and `0.0.0.0/0`, with various ends. Most runs share requests. No range is open for longer than someone requested it or a range that covers it, no single address is open for longer than anyone requested anything for the port, and a log names what is open with an end that is not too early. A newer request …',
      head: ['', ...SEEDS.map((seed) => `seed ${String(seed)}`)],
      rows,
    },
  };
}
