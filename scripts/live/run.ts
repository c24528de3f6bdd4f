import type { Arm } from '../../tasks/shared/azure/arm';
import { CodedError } from '../../tasks/shared/core/errors';
import type { Clock } from '../../tasks/shared/core/limits';
import type { VmId } from '../../tasks/shared/core/resourceIds';
import { createNetworkGateway } from '../../tasks/JitOpenPorts/JitOpenPortsV1/src/azure/networkGateway';
import type { Finding } from '../../test/support/azure/findings';
import { createCaller, isAccepted, statusText, type Exchange } from './azure';
import { createBench, type Bench } from './bench';
import { FIRST_PORT, Unsettled, type Experiment } from './experiment';
import { EXPERIMENTS } from './experiments';
import { deletePolicy, policyBody, POLICY_NAME } from './policy';
import { findLeftovers, removeRules } from './leftovers';
import { readTarget, type Named } from './target';
import { createUndoList } from './undo';

export interface KitParts extends Named {
  readonly vm: VmId;
  /** The first port in the temporary policy. */
  readonly port: number;
  readonly arm: Arm;
  /** Azure with a second identity. */
  readonly second?: Arm;
  /** The machine's own clock, which limits the duration of a call. */
  readonly machine: Clock;
  /** The clock with which experiments wait. */
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The facts to confirm. By default, all of them. */
  readonly only?: readonly string[];
  readonly log: (line: string) => void;
}

/** A finding with its evidence. */
export interface Evidenced extends Finding {
  readonly question: string;
  readonly exchanges: readonly Exchange[];
}

export interface KitResult {
  readonly findings: readonly Evidenced[];
  /** What could not be restored, in sentences. */
  readonly left: readonly string[];
}

/**
 * Confirms the facts one after the other with its own temporary policy, and restores everything, even if it is
 * interrupted. Throws a `CodedError` if the VM cannot be read, before anything was done.
 */
export async function runKit(parts: KitParts): Promise<KitResult> {
  const { arm, machine, clock, signal, log } = parts;
  const network = createNetworkGateway(arm);
  const undo = createUndoList();
  let exchanges: Exchange[] = [];
  const onExchange = (exchange: Exchange): void => void exchanges.push(exchange);
  const target = await readTarget(parts.vm, parts, arm, network, machine, signal);
  const bench = createBench({
    ...{ target, policyName: POLICY_NAME, arm, network, undo, machine, clock, signal },
    caller: createCaller(arm, machine, signal, onExchange),
    secondCaller: parts.second && createCaller(parts.second, machine, signal, onExchange),
  });
  const wanted = EXPERIMENTS.filter(({ fact }) => parts.only?.includes(fact) ?? true);
  const ports = assignPorts(wanted, parts.port);
  const findings: Evidenced[] = [];
  // Restoring must not end together with the run.
  const ending = new AbortController().signal;
  const after = createCaller(arm, machine, ending, () => undefined);
  const putBack = async (): Promise<readonly string[]> => {
    log('Restoring everything.');
    return [...(await undo.run()), ...(await findLeftovers(target, network, machine, ending))];
  };
  try {
    undo.add('The rules of the requests', () => removeRules(target, network, machine, clock, ending));
    undo.add('The temporary policy', () => deletePolicy(after, bench.policyId, clock));
    const refusal = await makePolicy(bench, [...ports.values()].flat());
    for (const experiment of wanted) {
      exchanges = [];
      log(experiment.question);
      const finding =
        refusal !== undefined && !experiment.onlyReads
          ? unsettled(experiment, refusal)
          : await attempt(experiment, bench, ports.get(experiment) ?? [], signal);
      findings.push({ ...finding, question: experiment.question, exchanges });
      log(`  ${finding.answer}`);
    }
  } catch (error) {
    // A bug in an experiment must not leave anything changed.
    for (const one of await putBack()) log(`Not restored: ${one}`);
    throw error;
  }
  return { findings, left: await putBack() };
}

interface Assigned {
  readonly number: number;
  readonly source: string;
}

function assignPorts(
  experiments: readonly Experiment[],
  first: number,
): Map<Experiment, readonly Assigned[]> {
  let next = FIRST_PORT;
  const take = (): number => (next === FIRST_PORT ? (next++, first) : next++);
  return new Map(
    experiments.map((experiment) => [
      experiment,
      (experiment.ports ?? []).map(({ source = '*' }) => ({ number: take(), source })),
    ]),
  );
}

/** Creates the temporary policy. @returns why it could not be created, if so. */
async function makePolicy(bench: Bench, ports: readonly Assigned[]): Promise<string | undefined> {
  if (ports.length === 0) return undefined;
  const { target } = bench;
  const answer = await bench.ask('PUT', bench.policyId, 'jit', policyBody(target.vm.id, ports));
  if (!isAccepted(answer)) {
    return `Azure refused the temporary policy: ${statusText(answer)}, "${answer.message}".`;
  }
  await bench.until(120_000, async () =>
    JSON.stringify((await bench.readPolicy())['properties']).includes('"Updating"') ? undefined : true,
  );
  return undefined;
}

async function attempt(
  experiment: Experiment,
  bench: Bench,
  ports: readonly Assigned[],
  signal: AbortSignal,
): Promise<Finding> {
  if (wasInterrupted(signal)) return unsettled(experiment, 'The run was interrupted before this experiment.');
  try {
    const {
      answer,
      switches = {},
      times = {},
    } = await experiment.run(
      bench,
      ports.map(({ number }) => number),
    );
    return { fact: experiment.fact, stand: 'settled', answer, switches, times };
  } catch (error) {
    if (wasInterrupted(signal)) return unsettled(experiment, 'The run was interrupted.');
    if (error instanceof Unsettled) return unsettled(experiment, error.message);
    if (error instanceof CodedError) return unsettled(experiment, `${error.code}: ${error.seen}`);
    throw error;
  }
}

/** Reads the signal again each time, because it could have changed in the meantime. */
const wasInterrupted = (signal: AbortSignal): boolean => signal.aborted;

const unsettled = ({ fact }: Experiment, answer: string): Finding => ({
  ...{ fact, stand: 'unsettled', answer },
  ...{ switches: {}, times: {} },
});
