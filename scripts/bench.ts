import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createAgent } from '../test/support/agent/agent';
import { builtVsix } from '../test/support/agent/builtPackage';
import { nodeFor } from '../test/support/agent/node';
import type { Handler } from '../test/support/agent/taskDefinition';
import { unpack } from '../test/support/agent/unpack';
import { countInSeries, delayAnswers } from '../test/support/roundTrips';
import { startScenario } from '../test/support/scenario';
import { FLEET_SIZES, measureFleet, type FleetCost } from './bench/fleet';
import { formatFleet, plotFleet } from './bench/fleetPage';
import { formatResults, type CallCounts, type NodeResults } from './bench/page';
import { comparePairs, type Comparison } from './bench/pairs';
import { AT_ONCE, createProcesses, runStep, TRUSTS, type Trust } from './bench/processes';
import { programSizes } from './bench/programs';
import { replaceMarkedPart } from './markedPart';
import { ROOT } from './stage';

const PAGE = path.join(ROOT, 'docs/performance.md');
const HANDLERS: readonly Handler[] = ['Node20_1', 'Node24'];
/** Relative to docs. */
const PLOT = 'images/fleet.svg';
/** Runs for each size of a fleet. */
const FLEET_TIMES = 5;
/** Pairs of a bare process and a measured process. */
const PAIRS = 25;

/**
 * `npm run bench`: measures the costs to start and run the packaged tasks, compared with a bare Node, and writes
 * docs/performance.md. `npm run bench -- --fleet`: measures the costs to open many VMs. This script judges nothing: the
 * tests of the limits compare counts.
 */
async function main(): Promise<void> {
  const workshop = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  const unpacked = path.join(workshop, 'package');
  try {
    await unpack(builtVsix(), unpacked);
    if (process.argv.includes('--fleet')) {
      await measureFleets(unpacked);
      return;
    }
    const nodes: NodeResults[] = [];
    for (const trust of TRUSTS)
      for (const handler of HANDLERS) nodes.push(await measureWith(handler, trust, unpacked, workshop));
    const programs = await programSizes();
    const vsixBytes = statSync(builtVsix()).size;
    const counts = await countCalls(unpacked);
    const lines = formatResults({ nodes, pairs: PAIRS, programs, vsixBytes, counts });
    await replaceMarkedPart(PAGE, 'bench', lines);
    console.log('Wrote docs/performance.md.');
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

/** With `--fleet`: measures the costs to open many VMs, and writes their plot. */
async function measureFleets(unpacked: string): Promise<void> {
  const costs: FleetCost[] = [];
  for (const size of FLEET_SIZES) {
    const cost = await measureFleet(unpacked, size, FLEET_TIMES);
    costs.push(cost);
    console.log(
      `${String(size.vms)} VMs, ${String(size.policies)} policies: ${String(cost.calls)} calls, ${(cost.wallMs / 1000).toFixed(2)} s.`,
    );
  }
  writeFileSync(path.join(ROOT, 'docs', PLOT), plotFleet(costs));
  await replaceMarkedPart(PAGE, 'fleet', formatFleet(costs, FLEET_TIMES, PLOT));
  console.log('Wrote docs/performance.md.');
}

async function measureWith(
  handler: Handler,
  trust: Trust,
  unpacked: string,
  workshop: string,
): Promise<NodeResults> {
  const { stdout } = spawnSync(nodeFor(handler), ['--version'], { encoding: 'utf8' });
  const version = stdout.trim().replace(/^v/, '');
  const folder = path.join(workshop, `${handler}-${trust}`);
  mkdirSync(folder);
  const processes = await createProcesses(unpacked, handler, trust, folder);
  const comparisons = new Map<string, Comparison>();
  try {
    for (const [title, measure] of processes.measured) {
      const comparison = await comparePairs(processes.bare, measure, PAIRS);
      comparisons.set(title, comparison);
      console.log(
        `Node ${version}, certificates by ${trust}, ${title}: ${comparison.ratios.wallMs.toFixed(2)} times the bare process.`,
      );
    }
  } finally {
    await processes.close();
  }
  return { version, trust, comparisons };
}

async function countCalls(unpacked: string): Promise<CallCounts> {
  const agent = await createAgent({ vsix: unpacked, handler: 'Node20_1' });
  const scenario = await startScenario(AT_ONCE);
  try {
    delayAnswers(scenario.azure);
    await runStep(agent, scenario);
    const { calls } = scenario.azure;
    const arm = calls.filter(({ service }) => service === 'arm');
    return { calls: calls.length, inSeries: countInSeries(calls), armInSeries: countInSeries(arm) };
  } finally {
    await scenario.close();
    await agent.dispose();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
