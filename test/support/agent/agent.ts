import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createJob } from './job';
import type { Job, StepOptions } from './job';
import { listFiles } from './leaks';
import { runScript } from './scriptStep';
import { createSecrets } from './secrets';
import { startStep } from './step';
import type { Run, RunningStep } from './step';
import { readTaskDefinition } from './taskDefinition';
import type { Handler, TaskDefinition } from './taskDefinition';
import { unpack } from './unpack';

/**
 * An agent that starts a packaged task as Azure Pipelines does: with a new process for each main or post-job step and
 * an environment that is built from nothing. It checks every line for logging commands.
 *
 * Every run rejects when a secret is visible anywhere, or when the task does something that an agent rejects.
 */
export interface Agent {
  readonly definition: TaskDefinition;
  /** The names of the files in the package. */
  readonly files: readonly string[];
  /** Registers a secret that was created outside, such as a token that a server issued. */
  addSecret(secret: string): void;
  /** Starts the main step in a new job. */
  start(options: StepOptions): RunningStep;
  /** Runs the main step in a new job. */
  run(options: StepOptions): Promise<Run>;
  /** Runs the main step again, as after a failure with `retryCountOnTaskFailure`. */
  retry(run: Run): Promise<Run>;
  /**
   * Runs the post-job step, also if the main step was skipped.
   *
   * @returns Undefined if the task has no post-job step.
   */
  postJob(step: Run | StepOptions): Promise<Run | undefined>;
  startPostJob(step: Run | StepOptions): RunningStep | undefined;
  /**
   * Runs JavaScript as a later step of the job, with the outputs of the step in its environment.
   *
   * @returns The text that it wrote.
   */
  script(step: Run, code: string): Promise<string>;
  /** Removes the unpacked task and the folders of all jobs. */
  dispose(): Promise<void>;
}

export interface AgentOptions {
  /** A package, or a folder that already contains its files. */
  readonly vsix: string;
  readonly handler: Handler;
  /** The task's folder in the package. */
  readonly task?: string;
}

/** Unpacks a package, and prepares an agent that runs one of its tasks with one of its handlers. */
export async function createAgent({ vsix, handler, task }: AgentOptions): Promise<Agent> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'agent-'));
  const isFolder = (await stat(vsix)).isDirectory();
  const unpacked = isFolder ? vsix : path.join(root, 'package');
  const files = isFolder ? listFiles(vsix) : await unpack(vsix, unpacked);
  const taskFolder = path.join(unpacked, task ?? 'tasks/JitOpenPorts/JitOpenPortsV1');
  const definition = readTaskDefinition(taskFolder);
  const secrets = createSecrets();
  const jobs = new WeakMap<object, Job>();
  const all: Job[] = [];
  const newJob = (options: StepOptions): Job => {
    const job = createJob(path.join(root, `job-${all.length + 1}`), options, secrets);
    all.push(job);
    return job;
  };
  const jobOf = (step: Run | StepOptions): Job => jobs.get(step) ?? newJob(step);
  const begin = (job: Job, entryPoint: 'execution' | 'postjobexecution'): RunningStep => {
    const entry = definition[entryPoint]?.[handler];
    if (entry === undefined) throw new Error(`task.json has no ${handler} handler for ${entryPoint}.`);
    const running = startStep({ job, definition, taskFolder, handler, entry, secrets });
    const finished = running.finished.then((run) => {
      jobs.set(run, job);
      // The container ends with the job, and so does every process in it.
      if (entryPoint === 'postjobexecution') endContainer(job);
      if (entryPoint === 'execution') job.variables.set('Agent.JobStatus', run.result);
      return run;
    });
    finished.catch(() => undefined);
    return { ...running, finished };
  };
  const agent: Agent = {
    definition,
    files,
    addSecret: secrets.add,
    start: (options) => begin(newJob(options), 'execution'),
    run: (options) => agent.start(options).finished,
    retry: (run) => begin(jobOf(run), 'execution').finished,
    postJob: async (step) => agent.startPostJob(step)?.finished,
    startPostJob: (step) =>
      definition.postjobexecution === undefined ? undefined : begin(jobOf(step), 'postjobexecution'),
    script: (step, code) => runScript(jobOf(step), code),
    dispose: () => {
      all.forEach(endContainer);
      return rm(root, { recursive: true, force: true });
    },
  };
  return agent;
}

function endContainer({ leftRunning }: Job): void {
  for (const end of leftRunning) end();
  leftRunning.clear();
}
