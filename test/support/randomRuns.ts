import { withNamedVms } from './namedVms';
import fc from 'fast-check';
import { closeAll } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/close/closing';
import { type Closed } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/closed';
import { createLedger } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/ledger';
import { toOpened } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/plan/state';
import { CodedError } from '../../tasks/shared/core/errors';
import { withLimit } from '../../tasks/shared/core/limits';
import { closedText } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/messages/closing';
import type { Context } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/context';
import { readInputs } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/inputs';
import { openPorts } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/open/openPorts';
import { DEFAULT_SUBSCRIPTION, type Supersession, type Vm } from './azure';
import { parseInstant } from './azure/clock';
import { isActive } from './azure/jit/policies';
import { createFakeContext, type FakeContext } from './fakes/fakeContext';
import { covers, findUnsaid, findWidenings, type Opening } from './openings';

/** A run of the task: what it wants, when it begins, and how long its job takes. */
interface RandomRun {
  readonly sourceIp: string;
  readonly startMs: number;
  readonly workMs: number;
  readonly minutes: number;
  readonly share: boolean;
}

/** A request by someone else, with any sources. */
interface RandomRequest {
  readonly sources: readonly string[];
  readonly atMs: number;
  readonly durationMs: number;
}

/** Several runs and other people at one port of one VM. */
export interface RandomCase {
  readonly runs: readonly RandomRun[];
  readonly others: readonly RandomRequest[];
}

const MINUTE = 60_000;
/**
 * Only a few, so that they overlap: the ranges are nested, contain some of the single addresses, or cover everything.
 */
const SINGLES = ['20.50.1.7', '20.50.1.8', '20.50.2.9', '20.60.0.9'];
const RANGES = ['20.50.1.0/24', '20.50.1.0/25', '20.50.0.0/16', '20.60.0.0/24'];
const EVERYTHING = ['*', '0.0.0.0/0'];

const run = fc.record({
  sourceIp: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...SINGLES) },
    { weight: 2, arbitrary: fc.constantFrom(...RANGES, '20.50.1.7,20.60.0.9') },
    { weight: 1, arbitrary: fc.constant('*') },
  ),
  startMs: fc.integer({ min: 0, max: 6 * MINUTE }),
  workMs: fc.integer({ min: 0, max: 12 * MINUTE }),
  minutes: fc.constantFrom(6, 15, 30, 60, 180),
  share: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
});
const other = fc.record({
  sources: fc.uniqueArray(fc.constantFrom(...SINGLES, ...RANGES, ...EVERYTHING), {
    minLength: 1,
    maxLength: 3,
  }),
  atMs: fc.integer({ min: 0, max: 10 * MINUTE }),
  durationMs: fc.integer({ min: MINUTE, max: 120 * MINUTE }),
});

export const randomCase: fc.Arbitrary<RandomCase> = fc.record({
  runs: fc.array(run, { minLength: 1, maxLength: 3 }),
  others: fc.array(other, { maxLength: 4 }),
});

/** Runs a case on a virtual clock, and returns a sentence for each broken guarantee. */
export async function playCase(
  { runs, others }: RandomCase,
  supersession: Supersession,
): Promise<readonly string[]> {
  const context = createFakeContext({ supersession, ruleDelayMs: 4000, initiatingMs: 2000 });
  const vm = context.azure.addVm({ name: 'web-01', publicIp: '20.60.1.10' });
  const ports = [{ number: 22, protocol: '*', sources: '*', maxRequestAccessDuration: 'PT3H' }];
  const policy = context.azure.addPolicy({ name: 'jit-web', vms: [{ vm, ports }], oldRequests: false });
  const needs: Opening[] = [];
  const breaches: string[] = [];
  for (const { sources, atMs, durationMs } of others) {
    context.clock.at(atMs, () => {
      policy.requestByOther({ vm, port: 22, sources, durationMs });
      const from = context.azure.now();
      needs.push({ port: 22, sources, from, endsAt: from + durationMs });
    });
  }
  let isOver = false;
  const watching = watch();
  const texts = (await Promise.all(runs.map((one) => playRun(context, vm, one, needs, breaches)))).flat();
  isOver = true;
  await watching;
  for (const { requestor, startTimeUtc, grants } of context.azure.stored('jit-web').entries) {
    if (requestor !== '') continue;
    const from = parseInstant(startTimeUtc) ?? 0;
    for (const grant of grants) {
      const made = { port: grant.number, sources: grant.sources, from, endsAt: grant.endsAt };
      breaches.push(...findWidenings(made, needs));
      if (isActive(grant, context.azure.now())) breaches.push(...findUnsaid(made, texts));
    }
  }
  return [...new Set(breaches)];

  /** Checks the rules themselves repeatedly. */
  async function watch(): Promise<void> {
    while (!isOver) {
      await context.clock.sleep(20_000, context.signal);
      const now = context.azure.now();
      for (const { sources = [], until } of vm.nicNsg?.jitAllowRules() ?? []) {
        breaches.push(...findWidenings({ port: 22, sources, from: now, endsAt: until }, needs));
      }
    }
  }
}

/** Performs one run, from its start to the end of its post-job step, and returns everything that it reports. */
async function playRun(
  base: FakeContext,
  vm: Vm,
  { sourceIp, startMs, workMs, minutes, share }: RandomRun,
  needs: Opening[],
  breaches: string[],
): Promise<readonly string[]> {
  const never = new AbortController().signal;
  const texts: string[] = [];
  const report = (text: string) => {
    texts.push(text);
  };
  const context: Context = { ...base, signal: never, log: { ...base.log, line: report, warning: report } };
  const given: Partial<Record<string, string>> = {
    ...{ vmResourceId: vm.id, sourceIp, shareActiveRequests: String(share), duration: `${String(minutes)}m` },
    ...{ connectedServiceName: 'connection', justification: `run of ${sourceIp}` },
  };
  const ledger = createLedger(() => undefined);
  await base.clock.sleep(startMs, never);
  const from = base.azure.now();
  const own = sourceIp.split(',');
  needs.push({ port: 22, sources: own, from, endsAt: from + minutes * MINUTE });
  try {
    await openPorts(
      withNamedVms(readInputs((name) => given[name] ?? '', DEFAULT_SUBSCRIPTION)),
      context,
      ledger,
      [],
    );
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
  await base.clock.sleep(workMs, never);
  const outcomes: Closed[] = [];
  await withLimit(context.clock, never, 40_000, (limit) =>
    closeAll(context, toOpened([], ledger), `run of ${sourceIp}`, limit, (closed) => {
      outcomes.push(closed);
      report(closedText(closed).text);
    }),
  );
  breaches.push(...findFalseEnds(vm, own, outcomes, base.clock.now()));
  return texts;
}

/**
 * Finds sources of a run that has just closed which the rules still allow, and which it does not report with the
 * correct end.
 */
function findFalseEnds(
  vm: Vm,
  own: readonly string[],
  outcomes: readonly Closed[],
  afterMs: number,
): readonly string[] {
  return outcomes.flatMap((closed) =>
    own.flatMap((source) => {
      const rules = (vm.nicNsg?.jitAllowRules() ?? []).filter(({ sources = [] }) =>
        sources.some((one) => covers(one, source)),
      );
      const end = Math.max(0, ...rules.map(({ until }) => until));
      const said = closed.kind === 'open' ? (closed.until ?? Infinity) : 0;
      if (end <= said + 1000) return [];
      const text = `${source} is open until ${new Date(end).toISOString()}`;
      return [`${text}, and closing says ${closedText(closed).text} (after ${String(afterMs)} ms).`];
    }),
  );
}
