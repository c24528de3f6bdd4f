import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createAgent, type Agent } from '../../test/support/agent/agent';
import { anyPort, startScenario } from '../../test/support/scenario';
import { createMeter, type Meter } from './meter';

/** The latency of every response, and the number of entries on a list page. */
export const LATENCY_MS = 50;
export const PAGE_SIZE = 100;

export interface FleetSize {
  readonly vms: number;
  readonly policies: number;
}

/** The costs to open a fleet, as medians. */
export interface FleetCost extends FleetSize {
  readonly calls: number;
  /**
   * Calls to Azure that the documented number does not include: two for each policy, one for each security group, and
   * pages.
   */
  readonly constant: number;
  readonly wallMs: number;
  readonly peakBytes: number;
}

/** One VM comes first, because the others are compared with it. */
export const FLEET_SIZES: readonly FleetSize[] = [
  { vms: 1, policies: 1 },
  { vms: 10, policies: 1 },
  { vms: 10, policies: 10 },
  ...[1, 10, 50].flatMap((policies) => [100, 1000].map((vms) => ({ vms, policies }))),
];

/** Opens a fleet `times` times, each time in a new simulated Azure, and returns the medians. */
export async function measureFleet(unpacked: string, size: FleetSize, times: number): Promise<FleetCost> {
  const workshop = mkdtempSync(path.join(os.tmpdir(), 'fleet-'));
  const agent = await createAgent({ vsix: unpacked, handler: 'Node20_1' });
  try {
    const meter = createMeter(workshop);
    const runs: Omit<FleetCost, keyof FleetSize>[] = [];
    for (let time = 0; time < times; time += 1) runs.push(await openFleet(agent, meter, size));
    const median = (of: (run: (typeof runs)[number]) => number): number =>
      runs.map(of).sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
    return {
      ...size,
      calls: median(({ calls }) => calls),
      constant: median(({ constant }) => constant),
      wallMs: median(({ wallMs }) => wallMs),
      peakBytes: median(({ peakBytes }) => peakBytes),
    };
  } finally {
    await agent.dispose();
    rmSync(workshop, { recursive: true, force: true });
  }
}

async function openFleet(
  agent: Agent,
  meter: Meter,
  { vms: count, policies }: FleetSize,
): Promise<Omit<FleetCost, keyof FleetSize>> {
  const settings = { ruleDelayMs: 0, initiatingMs: 0, listPageSize: PAGE_SIZE, pageSize: PAGE_SIZE };
  const scenario = await startScenario({ settings });
  try {
    const { azure } = scenario;
    const vms = azure.addManyVms({
      ...{ count, groups: policies },
      each: (index) => ({
        tags: { fleet: 'a' },
        publicIp: `20.50.${String(index >> 8)}.${String(index & 255)}`,
      }),
    });
    for (const group of new Set(vms.map(({ resourceGroup }) => resourceGroup))) {
      const own = vms.filter(({ resourceGroup }) => resourceGroup === group);
      azure.addPolicy({ name: 'default', vms: own.map((vm) => ({ vm, ports: [anyPort(22)] })) });
    }
    azure.faults.always(() => true, { delayMs: LATENCY_MS });
    const inputs = { vmResourceId: '', vmQuery: "tags.fleet == 'a'", maxVms: '5000' };
    const run = await agent.run(scenario.step(inputs, { env: meter.env }));
    if (run.result !== 'Succeeded') throw new Error(run.log.join('\n'));
    azure.assertNoViolations();
    const of = (...kinds: readonly string[]) => azure.calls.filter(({ kind }) => kinds.includes(kind)).length;
    const counted = of(
      'policies.list',
      'initiate',
      'nsg',
      'vmQuery',
      'vms.list',
      'nics.list',
      'publicIps.list',
    );
    return {
      calls: azure.calls.length,
      constant: azure.calls.length - counted,
      wallMs: run.durationMs,
      peakBytes: meter.read().peakBytes,
    };
  } finally {
    await scenario.close();
  }
}
