import { CODES, type Code } from '../../tasks/shared/core/codes';
import type { Agent } from '../../test/support/agent/agent';
import type { Run } from '../../test/support/agent/step';
import { startScenario, type Scenario } from '../../test/support/scenario';
import type { ReliabilityCall } from './calls';
import { findBreaches, findBreachesAfterJob } from '../../test/support/promises';
import type { Trouble } from './troubles';

/** The result of one run with one problem. */
export interface Trial {
  /** `recovered`, or the code of the failure, or the state of the port after the job. */
  readonly cell: string;
  /** Sentences about broken promises, or none. */
  readonly breaches: readonly string[];
  readonly run: Run;
}

/** Long enough for an attempt without a response and another one, and short if the problem persists. */
const waitFor = ({ lasts }: Trouble): string => (lasts ? '12s' : '45s');

/** Runs the packaged task while one kind of call has a problem, and checks its promises. */
export async function tryCall(agent: Agent, call: ReliabilityCall, trouble: Trouble): Promise<Trial> {
  const scenario = await startScenario(call.options);
  try {
    call.arrange?.(scenario);
    return call.stage === 'step'
      ? await tryStep(agent, scenario, call, trouble)
      : await tryAfterJob(agent, scenario, call, trouble);
  } finally {
    await scenario.close();
  }
}

async function tryStep(
  agent: Agent,
  scenario: Scenario,
  { kind, inputs }: ReliabilityCall,
  trouble: Trouble,
): Promise<Trial> {
  trouble.arrange(scenario, kind);
  const run = await agent.run(scenario.step({ waitTimeout: waitFor(trouble), ...inputs }, DEBUG));
  return { cell: toCell(run), breaches: findBreaches(scenario, run, kind), run };
}

async function tryAfterJob(
  agent: Agent,
  scenario: Scenario,
  { kind, inputs }: ReliabilityCall,
  trouble: Trouble,
): Promise<Trial> {
  const step = await agent.run(scenario.step({ closeAtJobEnd: 'true', ...inputs }, DEBUG));
  if (step.result !== 'Succeeded') throw new Error(`The step failed: ${step.message}`);
  scenario.azure.forget();
  trouble.arrange(scenario, kind);
  jumpToTheEnd(scenario);
  const run = await agent.postJob(step);
  if (!run) throw new Error('The task has no post-job step.');
  const cell = run.issues.length === 0 ? 'closed' : 'said open';
  return { cell, breaches: findBreachesAfterJob(scenario, run, kind), run };
}

/** Advances Azure's clock to the end that the post-job step requests, as soon as it is requested. */
function jumpToTheEnd({ azure }: Scenario): void {
  const stop = azure.faults.always(({ kind }) => {
    if (kind === 'vm') {
      stop();
      azure.advance(10_000);
    }
    return false;
  }, 'pass');
}

/** With the debug log on, whatever the libraries write there is checked too. */
const DEBUG = { variables: { 'System.Debug': 'true' } };

/** Returns `recovered`, or the first code in the error. */
export const toCell = ({ result, message }: Run): string =>
  result === 'Succeeded' ? 'recovered' : (codeOf(message) ?? result);

/** Returns the code at the beginning of a task's error. */
export const codeOf = (message: string): Code | undefined =>
  CODES.find((code) => message.startsWith(`${code}: `));
