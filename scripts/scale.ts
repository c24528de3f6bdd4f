import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createAgent, type Agent } from '../test/support/agent/agent';
import { builtVsix } from '../test/support/agent/builtPackage';
import { forTask } from '../test/support/packagedTask';
import { REPORT_TASK } from '../test/support/reportRun';
import { startScenario } from '../test/support/scenario';
import { createMeter } from './bench/meter';
import { replaceMarkedPart } from './markedPart';

/**
 * `npm run scale`: runs the packaged JitReport for subscriptions of several sizes, and writes the costs to
 * docs/report.md. Only the ratios are comparable, because the machine is different each time.
 */
const PAGE = path.resolve(__dirname, '../docs/report.md');
const PAGE_SIZE = 500;
const MB = 1_000_000;
const EVERYBODY = { name: 'ssh', priority: 200, access: 'Allow', destinationPorts: ['22'] } as const;

interface Size {
  readonly vms: number;
  readonly entries: number;
}

const SIZES: readonly Size[] = [
  { vms: 50, entries: 500 },
  { vms: 500, entries: 5000 },
  { vms: 5000, entries: 50_000 },
];

interface Measured extends Size {
  readonly calls: number;
  readonly seconds: number;
  readonly peakMb: number;
  readonly filesMb: number;
}

async function measure(agent: Agent, size: Size): Promise<Measured> {
  const settings = { listPageSize: PAGE_SIZE, pageSize: PAGE_SIZE };
  const scenario = await startScenario({ settings });
  const workshop = mkdtempSync(path.join(os.tmpdir(), 'scale-'));
  try {
    const { azure, policy } = scenario;
    const vms = azure.addManyVms({ count: size.vms, groups: 100 });
    for (const vm of vms) azure.addAssessment({ vm, status: 'Unhealthy' });
    vms[0]?.subnetNsg?.addRule(EVERYBODY);
    azure.addManyActivities({ count: size.entries, policy });
    const meter = createMeter(workshop);
    const step = scenario.step({}, { env: meter.env });
    const run = await agent.run(forTask(step, agent));
    if (run.result !== 'Succeeded') throw new Error(run.log.join('\n'));
    azure.assertNoViolations();
    const folder = path.dirname(run.outputs['reportPath'] ?? '');
    const files = ['jit-report.json', 'jit-requests.csv', 'jit-report.html', 'jit-windows.svg'];
    return {
      ...size,
      calls: azure.calls.length,
      seconds: run.durationMs / 1000,
      peakMb: meter.read().peakBytes / MB,
      filesMb: files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0) / MB,
    };
  } finally {
    rmSync(workshop, { recursive: true, force: true });
    await scenario.close();
  }
}

async function main(): Promise<void> {
  const agent = await createAgent({ vsix: builtVsix(), handler: 'Node20_1', task: REPORT_TASK });
  const results: Measured[] = [];
  try {
    for (const size of SIZES) results.push(await measure(agent, size));
  } finally {
    await agent.dispose();
  }
  const times = (value: number, first: number) => `${(value / first).toFixed(1)} times`;
  const [first] = results;
  if (!first) return;
  const rows = results.map(({ vms, entries, calls, seconds, peakMb, filesMb }) => {
    const cells = [
      vms,
      entries,
      calls,
      `${seconds.toFixed(1)} s (${times(seconds, first.seconds)})`,
      `${Math.round(peakMb)} MB (${times(peakMb, first.peakMb)})`,
      `${filesMb.toFixed(1)} MB`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  await replaceMarkedPart(PAGE, 'scale', [
    '| VMs | Entries in the Activity Log | Calls | Time | Memory at most | Files |',
    '| ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ]);
  console.log('Wrote docs/report.md.');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
