import type { Agent } from '../../test/support/agent/agent';
import type { Run } from '../../test/support/agent/stage';
import type { SimulatedAzure } from '../../test/support/azure';
import { forTask } from '../../test/support/packagedTask';
import { startScenario, type Scenario } from '../../test/support/scenario';
import * as page from './page';
import type { Expected, NextStep, Scene, TaskName } from './scenes';

/** An agent for each task. */
export type Agents = Readonly<Record<TaskName, Agent>>;

/**
 * Plays a scene and shows it: each step, its log, its outputs and summary, and the stage after the job.
 *
 * @returns Whether it ended as expected.
 */
export async function play(scene: Scene, agents: Agents): Promise<boolean> {
  console.log(page.heading(scene.title));
  for (const line of page.wrap(scene.setting)) console.log(line);
  const scenario = await startScenario(scene.options);
  try {
    scene.arrange?.(scenario);
    const first: NextStep = { task: 'JitOpenPorts', inputs: scene.inputs, expected: scene.expected };
    let asExpected = true;
    for (const step of [first, ...(scene.then ?? [])]) {
      if (!(await playStep(step, agents[step.task], scenario))) asExpected = false;
    }
    return asExpected;
  } finally {
    await scenario.close();
  }
}

async function playStep(step: NextStep, agent: Agent, scenario: Scenario): Promise<boolean> {
  console.log(page.part('The step', page.formatStep(step.task, step.inputs)));
  const run = await agent.run(forTask(scenario.step(step.inputs), agent));
  show(run, page.stepName(step.task));
  const complaints = findComplaints(step.expected, run, scenario.azure);
  const after = await agent.postJob(run);
  if (after && after.log.length > 0) {
    console.log(page.part("After the job's last step", page.formatLog(after.log)));
    if (scenario.policy.liveGrants().length > 0) complaints.push('The port was to be closed after the job.');
  }
  console.log(page.verdict(complaints, run.result, run.durationMs + (after?.durationMs ?? 0)));
  return complaints.length === 0;
}

function show(run: Run, step: string): void {
  console.log(page.part('Its log', page.formatLog(run.log)));
  if (run.result !== 'Succeeded') return;
  const outputs = Object.entries(run.outputs).map(
    ([name, value]) => [`$(${step}.${name})`, shorten(value)] as const,
  );
  console.log(page.part('Its outputs', page.formatPairs(outputs)));
  for (const summary of run.summaries) {
    console.log(page.part("The summary on the run's page", page.formatTable(summary)));
  }
}

/** `endpoints` is for programs; its beginning tells what it is. */
const shorten = (value: string): string => (value.length > 70 ? `${value.slice(0, 67)}...` : value);

function findComplaints(expected: Expected, run: Run, azure: SimulatedAzure): string[] {
  const requests = azure.calls.filter(({ kind }) => kind === 'initiate').length;
  const complaints: string[] = [];
  if (run.result !== expected.result) complaints.push(`The result was to be ${expected.result}.`);
  if (expected.code !== undefined && !run.message.startsWith(`${expected.code}: `)) {
    complaints.push(`The error was to begin with ${expected.code}.`);
  }
  if (requests !== expected.requests) {
    complaints.push(`Azure was to get ${expected.requests} requests for access, and got ${requests}.`);
  }
  try {
    azure.assertNoViolations();
  } catch (error) {
    complaints.push(String(error));
  }
  return complaints;
}
