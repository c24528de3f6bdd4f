import { withNamedVms } from './namedVms';
import { parsePrefix, textsOf } from '../../tasks/shared/core/prefixes';
import { closeAll } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/close/closing';
import { type Closed } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/closed';
import { judge } from '../../tasks/shared/core/nsg/judge';
import { createLedger } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/ledger';
import { toOpened, type NotedPort } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import {
  createRuleReader,
  readPlace,
  rememberAdminRules,
  rememberVnets,
} from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/open/vmNetwork';
import { parseVmId } from '../../tasks/shared/core/resourceIds';
import { withLimit } from '../../tasks/shared/core/limits';
import type { Context } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/context';
import { readInputs } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/inputs';
import { openPorts } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/open/openPorts';
import { DEFAULT_SUBSCRIPTION, type Supersession, type Vm } from './azure';
import { createFakeContext, type FakeContext } from './fakes/fakeContext';

export interface Wanted {
  readonly jobs: number;
  readonly key: Exclude<Supersession, 'none'>;
  readonly share: boolean;
  readonly seed: number;
}

/** The outcome of many jobs that open one port of one VM at the same time, each from its own address. */
export interface Tally {
  /** Jobs for which the port was open from the end of the step to the end of the job. */
  readonly undisturbed: number;
  /** Jobs whose step failed with JIT703, because another job's request superseded its own. */
  readonly superseded: number;
  /** Jobs whose step succeeded, but whose port was closed for half a minute or more before the job ended. */
  readonly cutOff: number;
  /** The same, but for seconds only: an older rule was removed before the newer one was written. */
  readonly interrupted: number;
  /** Addresses that the rules still allowed when all jobs had ended, as a post-job step had reported. */
  readonly leftOpen: number;
  /** Addresses that the rules still allowed when all jobs had ended, without a report. */
  readonly unsaid: number;
}

const MINUTE = 60_000;
const CHECK_EVERY_MS = 2000;
const CUT_OFF_MS = 30_000;

/**
 * Runs the workflow and its post-job step for many jobs on a virtual clock. The seed determines when each one starts.
 */
export async function simulateRuns({ jobs, key, share, seed }: Wanted): Promise<Tally> {
  const context = createFakeContext({ supersession: key, ruleDelayMs: 4000, initiatingMs: 2000 });
  const vm = context.azure.addVm({ name: 'web-01', publicIp: '20.60.1.10' });
  const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' }];
  context.azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports }], oldRequests: false });
  const random = createRandom(seed);
  const runs = Array.from({ length: jobs }, (_, index) => ({
    address: `20.51.${Math.floor(index / 200)}.${(index % 200) + 1}`,
    startMs: Math.floor(random() * 3 * MINUTE),
    workMs: MINUTE + Math.floor(random() * 5 * MINUTE),
  }));
  const ends = await Promise.all(runs.map((run) => simulateOne(context, vm, run, share)));
  const said = new Set(ends.flatMap(({ open }) => open));
  const admitted = await Promise.all(runs.map(({ address }) => admits(context, vm, address)));
  const count = (end: End['end']) => ends.filter((one) => one.end === end).length;
  return {
    undisturbed: count('undisturbed'),
    superseded: count('superseded'),
    cutOff: count('cutOff'),
    interrupted: count('interrupted'),
    leftOpen: runs.filter(({ address }, index) => admitted[index] && said.has(address)).length,
    unsaid: runs.filter(({ address }, index) => admitted[index] && !said.has(address)).length,
  };
}

interface End {
  readonly end: 'undisturbed' | 'superseded' | 'cutOff' | 'interrupted';
  /** Addresses that the post-job step reported as still open, its own or those of runs that share the port. */
  readonly open: readonly string[];
}

async function simulateOne(
  base: FakeContext,
  vm: Vm,
  run: { readonly address: string; readonly startMs: number; readonly workMs: number },
  share: boolean,
): Promise<End> {
  const never = new AbortController().signal;
  const { clock } = base;
  const context: Context = {
    ...base,
    signal: never,
    publicAddress: {
      hasProxy: false,
      query: (services) =>
        Promise.resolve(services.map((service) => ({ service, kind: 'text', text: run.address }))),
    },
  };
  const given = { vmResourceId: vm.id, shareActiveRequests: String(share), justification: run.address };
  const inputs = withNamedVms(
    readInputs(
      (name) =>
        (given as Partial<Record<string, string>>)[name] ?? (name === 'connectedServiceName' ? 'c' : ''),
      DEFAULT_SUBSCRIPTION,
    ),
  );
  const ledger = createLedger(() => undefined);
  await clock.sleep(run.startMs, never);
  const { failures } = await openPorts(inputs, context, ledger, []);
  let end: End['end'] = failures.length > 0 ? 'superseded' : 'undisturbed';
  let shutMs = 0;
  for (let worked = 0; end !== 'superseded' && worked < run.workMs; worked += CHECK_EVERY_MS) {
    await clock.sleep(CHECK_EVERY_MS, never);
    shutMs = (await admits(base, vm, run.address)) ? 0 : shutMs + CHECK_EVERY_MS;
    if (shutMs >= CUT_OFF_MS) end = 'cutOff';
    else if (shutMs > 0 && end === 'undisturbed') end = 'interrupted';
  }
  return { end, open: await close(context, toOpened([], ledger), run.address) };
}

async function close(
  context: Context,
  opened: readonly NotedPort[],
  reason: string,
): Promise<readonly string[]> {
  const outcomes: Closed[] = [];
  await withLimit(context.clock, context.signal, 40_000, (limit) =>
    closeAll(context, opened, reason, limit, (closed) => {
      outcomes.push(closed);
    }),
  );
  return outcomes.flatMap((outcome) => [
    ...(outcome.kind === 'open' ? [reason] : []),
    ...textsOf(outcome.kept?.sources ?? []),
  ]);
}

async function admits(context: FakeContext, vm: Vm, address: string): Promise<boolean> {
  const id = parseVmId(vm.id);
  if (!id) throw new Error(`${vm.id} is no VM.`);
  return withLimit(context.clock, new AbortController().signal, MINUTE, async (limit) => {
    const place = await readPlace(context.network, id, true, limit);
    if (!place.filter) throw new Error('The rules cannot be read.');
    const flow = { sources: [parsePrefix(address)], port: 22, protocol: 'TCP' } as const;
    const reader = createRuleReader(
      context.network,
      rememberVnets(context.network, () => undefined),
      rememberAdminRules(context, () => undefined),
    );
    const network = await reader.read(place.filter, flow, limit);
    return judge(network, flow).admits;
  });
}

/** Creates a generator of numbers from 0 to 1 that depend on a seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
