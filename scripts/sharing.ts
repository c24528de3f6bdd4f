import path from 'node:path';
import { simulateRuns, type Tally } from '../test/support/parallelRuns';
import { replaceMarkedPart } from './markedPart';

/** Runs the simulation of many jobs that use one port, and writes its table to docs/sharing.md. */
const PAGE = path.resolve(__dirname, '../docs/sharing.md');
const JOBS = 20;
const SEEDS = [1, 2, 3, 4, 5];

const KEYS = {
  'vm+port': 'A newer request replaces every older one for the VM and the port',
  'vm+port+source': 'A newer request replaces only one for the same source',
} as const;

async function rows(): Promise<string[]> {
  const lines: string[] = [];
  for (const [key, meaning] of Object.entries(KEYS) as [keyof typeof KEYS, string][]) {
    for (const share of [false, true]) {
      const tallies = await Promise.all(SEEDS.map((seed) => simulateRuns({ jobs: JOBS, key, share, seed })));
      const sum = (pick: (tally: Tally) => number) =>
        tallies.reduce((total, tally) => total + pick(tally), 0);
      const cells = [
        meaning,
        share ? 'yes' : 'no',
        sum(({ undisturbed }) => undisturbed),
        sum(({ interrupted }) => interrupted),
        sum(({ cutOff }) => cutOff),
        sum(({ superseded }) => superseded),
        sum(({ leftOpen }) => leftOpen),
        sum(({ unsaid }) => unsaid),
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return lines;
}

async function main(): Promise<void> {
  await replaceMarkedPart(PAGE, 'simulation', [
    `Of ${String(JOBS * SEEDS.length)} jobs (${String(SEEDS.length)} runs with ${String(JOBS)} jobs each):`,
    '',
    '| What Azure does | Shared | Undisturbed | Interrupted for seconds | Cut off | JIT703 | Left open, with a warning | Left open, without a warning |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...(await rows()),
  ]);
  console.log('docs/sharing.md is written.');
}

void main();
