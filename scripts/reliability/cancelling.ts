import type { Agent } from '../../test/support/agent/agent';
import type { RunningStep } from '../../test/support/agent/step';
import type { Fault, Kind } from '../../test/support/azure';
import { startScenario, type ScenarioOptions } from '../../test/support/scenario';
import { findBreaches } from '../../test/support/promises';
import { codeOf, type Trial } from './trial';

/** A point at which a run is canceled, and the expected report. */
export interface CancelPoint {
  readonly name: string;
  readonly kind: Kind;
  /** The fault that holds the run at this point. */
  readonly fault: Fault;
  readonly options?: ScenarioOptions;
  readonly expected: 'opened nothing' | 'might be open' | 'stays open';
}

const atOnce = { settings: { ruleDelayMs: 0, initiatingMs: 0 } };

export const CANCEL_POINTS: readonly CancelPoint[] = [
  { name: 'finding the tenant', kind: 'openid', fault: 'hang', expected: 'opened nothing' },
  { name: 'signing in', kind: 'token', fault: 'hang', expected: 'opened nothing' },
  {
    name: 'requesting a token from Azure DevOps',
    kind: 'oidc',
    fault: 'hang',
    options: { ...atOnce, kind: 'federation' },
    expected: 'opened nothing',
  },
  {
    name: 'requesting the token of a managed identity',
    kind: 'imds',
    fault: 'hang',
    options: { ...atOnce, kind: 'system-assigned identity' },
    expected: 'opened nothing',
  },
  { name: 'finding the address of the agent', kind: 'echo', fault: 'hang', expected: 'opened nothing' },
  { name: 'reading the policies', kind: 'policies.list', fault: 'hang', expected: 'opened nothing' },
  { name: 'reading the VM', kind: 'vm', fault: 'hang', expected: 'opened nothing' },
  {
    name: 'waiting as Azure requires',
    kind: 'nic',
    fault: { status: 429, retryAfterSeconds: 60 },
    expected: 'opened nothing',
  },
  {
    name: 'requesting access, not carried out yet',
    kind: 'initiate',
    fault: 'hang',
    expected: 'might be open',
  },
  {
    name: 'requesting access, carried out',
    kind: 'initiate',
    fault: { delayMs: 60_000 },
    expected: 'might be open',
  },
  { name: 'reading the rules', kind: 'nsg', fault: 'hang', expected: 'stays open' },
  {
    name: 'waiting for the rule',
    kind: 'nsg',
    fault: 'pass',
    options: { settings: { ruleDelayMs: Infinity } },
    expected: 'stays open',
  },
];

/** The times of an agent that kills after two and a half seconds. A run that needs more has no exit code. */
const SOON = { interruptMs: 2500, terminateMs: 0 };

/** Runs the packaged task, and cancels it at the point. */
export async function tryCancelling(agent: Agent, point: CancelPoint): Promise<Trial> {
  const scenario = await startScenario(point.options ?? atOnce);
  const { azure } = scenario;
  try {
    const options = { variables: { 'System.Debug': 'true' }, cancelTimes: SOON };
    azure.faults.always(point.kind, point.fault);
    const running: RunningStep = agent.start(scenario.step({}, options));
    const stop = azure.faults.always(({ kind }) => {
      if (kind === point.kind) {
        stop();
        setImmediate(() => {
          running.cancel();
        });
      }
      return false;
    }, 'pass');
    const run = await running.finished;
    const said =
      /opened nothing|might be open|stays open/.exec(
        run.message.replace('may be open', 'might be open'),
      )?.[0] ?? 'said nothing';
    const code = codeOf(run.message) ?? run.result;
    return { cell: `${code}, ${said}`, breaches: findBreaches(scenario, run, point.kind), run };
  } finally {
    await scenario.close();
  }
}
