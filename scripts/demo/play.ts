import type { Agent } from '../../test/support/agent/agent';
import type { Run } from '../../test/support/agent/step';
import type { SimulatedAzure } from '../../test/support/azure';
import { authoritiesInUse, hostsOf } from '../../tasks/shared/messages/routes';
import { forTask } from '../../test/support/packagedTask';
import { startScenario, type Scenario } from '../../test/support/scenario';
import * as page from './page';
import { formatMarkdown } from './markdown';
import type { Scene, Step, TaskName } from './scenes';

/** Replaces the summary of a dry run, which has the lines of the log as a table. */
const SAME_LIST = 'The check list of the log, as a table.';

/** An agent for each task. */
export type Agents = Readonly<Record<TaskName, Agent>>;

/**
 * Runs a scene and shows it: each step with its log, outputs, and summary, and the post-job step.
 *
 * @returns Whether it ended as expected.
 */
export async function play(scene: Scene, agents: Agents): Promise<boolean> {
  console.log(page.heading(scene.title));
  for (const line of page.wrap(scene.setting)) console.log(line);
  const scenario = await startScenario(scene.options);
  try {
    scene.arrange?.(scenario);
    let asExpected = true;
    for (const [index, job] of scene.jobs.entries()) {
      if (scene.jobs.length > 1) console.log(page.jobHeading(index + 1));
      if (!(await playJob(job, agents, scenario))) asExpected = false;
    }
    return asExpected;
  } finally {
    await scenario.close();
  }
}

/** Runs all steps of a job, and then their post-job steps, the last one first. */
async function playJob(job: readonly Step[], agents: Agents, scenario: Scenario): Promise<boolean> {
  const complaints: string[] = [];
  const after: (() => Promise<void>)[] = [];
  for (const step of job) {
    const agent = agents[step.task];
    console.log(page.part('The step', page.formatStep(step.task, step.inputs)));
    const run = await agent.run(forTask(scenario.step(step.inputs), agent));
    show(step, run, ownLines(scenario));
    const found = findComplaints(step, run, scenario.azure);
    console.log(page.verdict(found, run.result, run.durationMs));
    complaints.push(...found);
    after.unshift(async () => {
      const closing = await agent.postJob(run);
      if (!closing || closing.log.length === 0) return;
      console.log(
        page.part("After the job's last step", page.formatLog(without(closing.log, ownLines(scenario)))),
      );
      const open = scenario.policy.liveGrants().length;
      const left = open > 0 ? [`${open} ports were not closed after the job.`] : [];
      console.log(page.verdict(left, closing.result, closing.durationMs));
      complaints.push(...left);
    });
  }
  for (const close of after) await close();
  return complaints.length === 0;
}

/** The lines that only a simulated Azure causes. Real runs in a public cloud have none of them. */
const ownLines = ({ azure, connection }: Scenario): readonly string[] => [
  hostsOf(connection.data?.['environment'] ?? '', new URL(azure.url).host, new URL(azure.authorityUrl).host),
  authoritiesInUse([azure.caFile]),
];

const without = (log: readonly string[], lines: readonly string[]): readonly string[] =>
  log.filter((line) => !lines.includes(line));

function show({ task, inputs }: Step, run: Run, own: readonly string[]): void {
  const step = page.stepName(task);
  console.log(page.part('Its log', page.formatLog(without(run.log, own))));
  const outputs = Object.entries(run.outputs).map(
    ([name, value]) => [`$(${step}.${name})`, shorten(value)] as const,
  );
  if (outputs.length > 0) console.log(page.part('Its outputs', page.formatPairs(outputs)));
  for (const [index, summary] of run.summaries.entries()) {
    const heading = `The summary on the run's page: ${run.summaryHeadings[index] ?? ''}`;
    const isInLog = inputs['dryRun'] === 'true';
    console.log(page.part(heading, isInLog ? [SAME_LIST] : formatMarkdown(summary)));
  }
}

/** `endpoints` is for programs, and its beginning is enough to recognize it. */
const shorten = (value: string): string => (value.length > 70 ? `${value.slice(0, 67)}...` : value);

function findComplaints(expected: Step, run: Run, azure: SimulatedAzure): string[] {
  const requests = azure.calls.filter(({ kind }) => kind === 'initiate').length;
  const complaints: string[] = [];
  if (run.result !== expected.result) complaints.push(`The result is not ${expected.result}.`);
  if (expected.code !== undefined && !run.message.startsWith(`${expected.code}: `)) {
    complaints.push(`The error does not start with ${expected.code}.`);
  }
  for (const [name, value] of Object.entries(expected.outputs ?? {})) {
    if (run.outputs[name] !== value) {
      complaints.push(`The output ${name} is ${run.outputs[name] ?? 'not set'}, not ${value}.`);
    }
  }
  if (requests !== expected.requests) {
    complaints.push(`Azure received ${requests} requests for access, not ${expected.requests}.`);
  }
  try {
    azure.assertNoViolations();
  } catch (error) {
    complaints.push(String(error));
  }
  return complaints;
}
