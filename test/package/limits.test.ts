import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { programSizes, type ProgramSize } from '../../scripts/bench/programs';
import { builtVsix } from '../support/agent/builtPackage';
import { nodeFor } from '../support/agent/node';
import { unpack } from '../support/agent/unpack';
import { assertSucceeded, usePackagedTask } from '../support/packagedTask';
import { countInSeries, delayAnswers } from '../support/roundTrips';

/**
 * The permitted costs of a task, as counts. `npm run bench` writes the current counts to docs/performance.md. A limit
 * is the count on the day when it was set, plus 2% or 3%. Lower it if the count decreases, and raise it only for a good
 * reason.
 */
const PROGRAMS: Readonly<Record<string, Pick<ProgramSize, 'bytes' | 'modules'>>> = {
  // 720,000 bytes, of which 20,000 read and evaluate what filters its VMs, and as many are for fleets and the run tab.
  'tasks/JitConfigurePolicy/JitConfigurePolicyV1/index.js': { bytes: 735_000, modules: 535 },
  // 809,000 bytes, of which 317,000 are the sign-in library, which is loaded at the sign-in. With Microsoft's clients
  // of the services, it had three times as much, and with function names 6% more. Closing added 9,000, and fleets added
  // 5,000. Checking open ports again, and closing by what all attempts requested, added 3,400.
  'tasks/JitOpenPorts/JitOpenPortsV1/index.js': { bytes: 825_000, modules: 590 },
  // 7,700 bytes in 10 modules: it reads the state of the step, and loads index.js if something must be closed.
  'tasks/JitOpenPorts/JitOpenPortsV1/post.js': { bytes: 8500, modules: 14 },
  // 743,000 bytes: rules for IPv6 and firewalls, and ports that might be open, added 18,000. Fleets and the run tab
  // added 25,000.
  'tasks/JitReport/JitReportV1/index.js': { bytes: 760_000, modules: 545 },
};

/** 492,000 bytes, without the sign-in library, of which open ports that are checked again, and attempts, are 3,400. */
const BYTES_AT_START = 500_000;

/**
 * 931,000 bytes, of which 117,000 are pictures of the listing and 43,000 the pages. The packing itself rejects a
 * million.
 */
const VSIX_BYTES = 940_000;

/**
 * For one VM: tenant, token, three address services, VM, policies, NIC, subnet, address, request, two groups, and admin
 * rules.
 */
const CALLS = 14;
/**
 * Tenant, token, VM, NIC, subnet, request, and then groups and admin rules together. Each needs the result of the
 * previous one.
 */
const CALLS_IN_SERIES = 7;
/** The same without tenant and token, to which Entra responds. */
const ARM_CALLS_IN_SERIES = 5;

describe('the size and call limits', () => {
  const task = usePackagedTask();

  it('hold for the bytes and the modules of every program', async () => {
    const sizes = await programSizes();
    assert.deepEqual(sizes.map(({ target }) => target).toSorted(), Object.keys(PROGRAMS));
    for (const { target, ...size } of sizes) {
      for (const key of ['bytes', 'modules'] as const)
        assertAtMost(size[key], PROGRAMS[target]?.[key], `${key} of ${target}`);
    }
  });

  it('hold for the code that is loaded before the sign-in', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'limits-'));
    try {
      await unpack(builtVsix(), folder);
      const program = path.join(folder, 'tasks/JitOpenPorts/JitOpenPortsV1/index.js');
      const list = 'setImmediate(() => console.error(JSON.stringify(Object.keys(require.cache))))';
      const code = `require(${JSON.stringify(program)}); ${list}`;
      const { stderr } = spawnSync(nodeFor('Node20_1'), ['-e', code], {
        cwd: folder,
        encoding: 'utf8',
        env: {},
      });
      const loaded = JSON.parse(stderr) as string[];
      const bytes = loaded.reduce((sum, file) => sum + statSync(file).size, 0);
      assertAtMost(bytes, BYTES_AT_START, 'bytes at the start');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('hold for the package', () => {
    assertAtMost(statSync(builtVsix()).size, VSIX_BYTES, 'bytes of the package');
  });

  it('hold for the calls of a run for one VM, and for those in sequence', async () => {
    const step = await task.prepare();
    delayAnswers(step.azure);
    assertSucceeded(await step.run());
    const { calls } = step.azure;
    assertAtMost(calls.length, CALLS, 'calls');
    assertAtMost(countInSeries(calls), CALLS_IN_SERIES, 'calls in series');
    const arm = calls.filter(({ service }) => service === 'arm');
    assertAtMost(countInSeries(arm), ARM_CALLS_IN_SERIES, 'calls to Azure Resource Manager in series');
  });
});

function assertAtMost(count: number, limit: number | undefined, what: string): void {
  assert.ok(count > 0 && count <= (limit ?? 0), `${count} ${what}, and the limit is ${String(limit)}`);
}
