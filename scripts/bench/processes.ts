import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { rootCertificates } from 'node:tls';
import { createAgent, type Agent } from '../../test/support/agent/agent';
import { toScriptEnvironment } from '../../test/support/agent/environment';
import { createJob, type StepOptions } from '../../test/support/agent/job';
import { nodeFor } from '../../test/support/agent/node';
import { createSecrets } from '../../test/support/agent/secrets';
import type { Run } from '../../test/support/agent/step';
import type { Handler } from '../../test/support/agent/taskDefinition';
import { startScenario, type Scenario } from '../../test/support/scenario';
import { ROOT } from '../stage';
import { findTasks } from '../tasks';
import { createMeter, type Meter } from './meter';
import type { Cost, Measure } from './pairs';

/**
 * Where the authority of the simulated Azure's certificates is configured: in the agent, by a variable that the task
 * reads (`Agent.CAInfo`), or on the machine, by `NODE_EXTRA_CA_CERTS`, which every Node reads when it starts, even a
 * bare one. The file of the machine contains only this authority, or is a bundle with all public ones, as in operating
 * systems.
 */
export const TRUSTS = ['agent', 'machine', 'bundle'] as const;
export type Trust = (typeof TRUSTS)[number];

/** The processes to measure with one version of Node. */
export interface Processes {
  /** `node -e 0`, with which the others are compared. */
  readonly bare: Measure;
  /** By their names on the page. */
  readonly measured: ReadonlyMap<string, Measure>;
  close(): Promise<void>;
}

/** The rules exist as soon as the request is answered, so that there is no waiting time. */
export const AT_ONCE = { settings: { ruleDelayMs: 0, initiatingMs: 0 } };

/**
 * Prepares the programs of an unpacked package to be started with a handler's Node. The workshop is an empty folder.
 */
export async function createProcesses(
  unpacked: string,
  handler: Handler,
  trust: Trust,
  workshop: string,
): Promise<Processes> {
  const meter = createMeter(workshop);
  const agent = await createAgent({ vsix: unpacked, handler });
  const scenario = await startScenario(AT_ONCE);
  const around = toSurroundings(trust, scenario.azure, workshop, meter);
  const node = startsNode(handler, path.join(workshop, 'job'), around, meter);
  let opened: Promise<Run> | undefined;
  const measured = new Map<string, Measure>();
  for (const { folder, definition } of await findTasks(ROOT)) {
    const program = path.join(unpacked, folder, 'index.js');
    // The program runs only if Node was started with it, so this loads it without running it.
    measured.set(`loading \`${definition.name}\``, () => node(`require(${JSON.stringify(program)})`));
  }
  measured.set('whole run of `JitOpenPorts`', () => openPorts(agent, around, meter));
  measured.set('after the job, nothing to close', async () => {
    opened ??= runStep(agent, scenario, around);
    return closeNothing(agent, await opened, meter);
  });
  return {
    bare: () => node('0'),
    measured,
    async close() {
      await scenario.close();
      await agent.dispose();
    },
  };
}

type Surroundings = Required<Pick<StepOptions, 'env' | 'variables'>>;

function toSurroundings(
  trust: Trust,
  { caFile, caPem }: Scenario['azure'],
  workshop: string,
  { env }: Meter,
): Surroundings {
  if (trust === 'agent') return { env, variables: { 'Agent.CAInfo': caFile } };
  const bundle = path.join(workshop, 'bundle.pem');
  if (trust === 'bundle') writeFileSync(bundle, [...rootCertificates, caPem].join('\n'));
  const file = trust === 'bundle' ? bundle : caFile;
  return { env: { ...env, NODE_EXTRA_CA_CERTS: file }, variables: { 'Agent.CAInfo': undefined } };
}

/** Runs a line of JavaScript that does nothing, in the environment that the agent provides for a script of the job. */
function startsNode(
  handler: Handler,
  root: string,
  around: Surroundings,
  meter: Meter,
): (code: string) => Promise<Cost> {
  const { variables, folders } = createJob(root, around, createSecrets());
  const env = toScriptEnvironment({ variables, folders, own: around.env });
  return async (code) => {
    const startedAt = performance.now();
    const child = spawn(nodeFor(handler), ['-e', code], {
      ...{ cwd: folders.sources, env, stdio: ['ignore', 'pipe', 'pipe'] },
    });
    const [output, errors, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    const wallMs = performance.now() - startedAt;
    if (exitCode !== 0 || !/^(?:##vso\[task\.debug\].*\n)*$/.test(output + errors))
      throw new Error(
        `"${code}" must do nothing, but it ended with ${exitCode ?? 'a signal'} and wrote:\n${output}${errors}`,
      );
    return { wallMs, ...meter.read() };
  };
}

/** Runs the step for the first time in its own Azure. A second run there would find its request, and make none. */
async function openPorts(agent: Agent, around: Surroundings, meter: Meter): Promise<Cost> {
  const scenario = await startScenario(AT_ONCE);
  try {
    return toCost(await runStep(agent, scenario, around), meter);
  } finally {
    await scenario.close();
  }
}

/** Runs the step, which must succeed without calls that Azure does not support. */
export async function runStep(
  agent: Agent,
  scenario: Scenario,
  more: Partial<StepOptions> = {},
): Promise<Run> {
  const run = succeeded(await agent.run(scenario.step({}, more)));
  scenario.azure.assertNoViolations();
  return run;
}

async function closeNothing(agent: Agent, opened: Run, meter: Meter): Promise<Cost> {
  const run = await agent.postJob(opened);
  if (run === undefined) throw new Error('The task has no post-job step.');
  return toCost(succeeded(run), meter);
}

const toCost = ({ durationMs }: Run, meter: Meter): Cost => ({ wallMs: durationMs, ...meter.read() });

function succeeded(run: Run): Run {
  if (run.result !== 'Succeeded') throw new Error(run.log.join('\n'));
  return run;
}
