import type { Agent } from '../../test/support/agent/agent';
import type { Run } from '../../test/support/agent/stage';
import type { SimulatedAzure } from '../../test/support/azure';
import { startScenario } from '../../test/support/scenario';
import * as page from './page';
import type { Scene } from './scenes';

/**
 * Plays a scene and shows it: the step, its log, its outputs and summary, and the stage after the job.
 *
 * @returns Whether it ended as expected.
 */
export async function play(scene: Scene, agent: Agent): Promise<boolean> {
  console.log(page.heading(scene.title));
  for (const line of page.wrap(scene.setting)) console.log(line);
  console.log(page.part('The step', page.formatStep(scene.inputs)));
  const scenario = await startScenario(scene.options);
  try {
    scene.arrange?.(scenario);
    const run = await agent.run(scenario.step(scene.inputs));
    show(run);
    const complaints = findComplaints(scene, run, scenario.azure);
    const after = await agent.postJob(run);
    if (after && after.log.length > 0) {
      console.log(page.part("After the job's last step", page.formatLog(after.log)));
      if (scenario.policy.liveGrants().length > 0)
        complaints.push('The port was to be closed after the job.');
    }
    console.log(page.verdict(complaints, run.result, run.durationMs + (after?.durationMs ?? 0)));
    return complaints.length === 0;
  } finally {
    await scenario.close();
  }
}

function show(run: Run): void {
  console.log(page.part('Its log', page.formatLog(run.log)));
  if (run.result !== 'Succeeded') return;
  const outputs = Object.entries(run.outputs).map(
    ([name, value]) => [`$(jit.${name})`, shorten(value)] as const,
  );
  console.log(page.part('Its outputs', page.formatPairs(outputs)));
  for (const summary of run.summaries) {
    console.log(page.part("The summary on the run's page", page.formatTable(summary)));
  }
}

/** `endpoints` is for programs; its beginning tells what it is. */
const shorten = (value: string): string => (value.length > 70 ? `${value.slice(0, 67)}...` : value);

function findComplaints({ expected }: Scene, run: Run, azure: SimulatedAzure): string[] {
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
