import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createAgent, type Agent } from '../../test/support/agent/agent';
import { builtVsix } from '../../test/support/agent/builtPackage';
import type { Run } from '../../test/support/agent/step';
import { authoritiesInUse, proxyInUse } from '../../tasks/shared/messages/routes';
import { behindKnownCloud } from '../../test/support/knownClouds';
import type { SentDocument } from '../../test/support/tab/devops';
import { forTask } from '../../test/support/packagedTask';
import { startScenario } from '../../test/support/scenario';
import { BLOCKED, CHECKED, CONFIGURED, OPENED, REPORTED, type Scene } from './scenes';

/** A step that was run, as the run page shows it. */
export interface RecordedStep {
  /** The step's name in the list of the job, which task.json builds from its inputs. */
  readonly title: string;
  readonly run: Run;
  /** The post-job step, if the step has one. */
  readonly after: Run | undefined;
  /** The HTML page that the step wrote, or empty without one. */
  readonly page: string;
  /** What the step and its post-job step attached to the run. */
  readonly documents: readonly SentDocument[];
}

/** The steps that the screenshots show. */
export type Recorded = Readonly<
  Record<'configured' | 'checked' | 'opened' | 'blocked' | 'reported', RecordedStep>
>;

/** The start of Azure's clock, so that pictures from different days show the same day. */
export const BEGIN = Date.UTC(2026, 10, 20, 9, 30);

/**
 * Runs the packaged tasks against the simulated Azure, one scenario for each scene.
 *
 * @param begin the start of Azure's clock
 */
export async function recordRuns(begin = BEGIN): Promise<Recorded> {
  const [configured, checked, opened, blocked, reported] = await Promise.all([
    record(CONFIGURED, begin),
    record(CHECKED, begin),
    record(OPENED, begin),
    record(BLOCKED, begin),
    record(REPORTED, begin),
  ]);
  return { configured, checked, opened, blocked, reported };
}

async function record({ task, inputs, arrange }: Scene, begin: number): Promise<RecordedStep> {
  const agent = await createAgent({
    vsix: builtVsix(),
    handler: 'Node20_1',
    task: `tasks/${task}/${task}V1`,
  });
  const sinceBegin = begin - Date.now();
  const scenario = await startScenario({
    kind: 'federation',
    clock: () => Date.now() + sinceBegin,
    // As in Azure, the rules appear some seconds after the request.
    settings: { initiatingMs: 0, ruleDelayMs: 3000, changesIdCase: false },
  });
  // Uses the names of the public cloud, where most readers are.
  const { proxy, step } = await behindKnownCloud(scenario);
  const title = titleOf(agent, inputs);
  // Each step has its own ID, as in a job with all of them.
  const variables = { 'System.TaskInstanceId': randomUUID(), 'System.TaskDisplayName': title };
  try {
    arrange(scenario);
    const given = { azureSubscription: 'my-connection', ...inputs };
    const run = await agent.run(
      forTask(scenario.step(given, { ...step, variables: { ...step.variables, ...variables } }), agent),
    );
    const after = agent.definition.postjobexecution && (await agent.postJob(run));
    scenario.azure.assertNoViolations();
    const report = run.outputs['reportPath'];
    const page = report === undefined ? '' : await readFile(report.replace(/json$/, 'html'), 'utf8');
    // These lines are caused by the simulation, and most runs do not have them.
    const ownLines = [proxyInUse(proxy.url, undefined, false), authoritiesInUse([scenario.azure.caFile])];
    const asUsual = (stage: Run): Run => ({
      ...stage,
      log: stage.log.filter((line) => !ownLines.includes(line)),
    });
    const documents = [...run.attachments, ...(after?.attachments ?? [])].map(({ name, file }) => ({
      ...{ name, text: readFileSync(file, 'utf8') },
    }));
    return { title, run: asUsual(run), after: after && asUsual(after), page, documents };
  } finally {
    await Promise.all([scenario.close(), proxy.close()]);
    await agent.dispose();
  }
}

function titleOf({ definition }: Agent, given: Readonly<Record<string, string>>): string {
  const { instanceNameFormat, inputs } = definition;
  const usual = (name: string): string => inputs.find((input) => input.name === name)?.defaultValue ?? '';
  return instanceNameFormat.replace(/\$\((\w+)\)/g, (_macro, name: string) => given[name] ?? usual(name));
}
