import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { readCancelTimes } from './cancelTimes';
import { toEnvironment } from './environment';
import { resolveInputs } from './inputs';
import { addIssue, readLine } from './interpreter';
import type { StepContext } from './interpreter';
import type { Job } from './job';
import { createLineWaiter } from './lineWaiter';
import type { LineWaiter } from './lineWaiter';
import { findLeaksInFiles, findLeaksInOutput, listFiles } from './leaks';
import { nodeFor } from './node';
import { createRecord } from './record';
import type { StepRecord } from './record';
import { mergeResults } from './results';
import type { TaskResult } from './results';
import type { Secrets } from './secrets';
import { whyNotStarted } from './startLimits';
import { startProcess } from './taskProcess';
import type { ProcessCommand, ProcessEnd } from './taskProcess';
import type { Handler, HandlerEntry, TaskDefinition } from './taskDefinition';

/** The result and the traces of a main or post-job step. */
export interface Run extends Readonly<StepRecord>, ProcessEnd {
  /** The step's result as the agent shows it. */
  readonly result: TaskResult;
  /** Everything that was saved for later processes of the step. */
  readonly taskVariables: Readonly<Record<string, string>>;
  /** The files in the temp folder, relative to it. */
  readonly filesLeft: readonly string[];
}

/** A main or post-job step that is running. */
export interface RunningStep {
  /** Cancels the step, as a user or a timeout does. */
  cancel(): void;
  /**
   * Resolves with the first line of either output that matches, which can be an earlier one. Commands are lines too.
   */
  waitForLine(pattern: RegExp): Promise<string>;
  /** Rejects if the run did something that a real agent rejects, or revealed a secret. */
  readonly finished: Promise<Run>;
}

export interface StepStart {
  readonly job: Job;
  readonly definition: TaskDefinition;
  readonly taskFolder: string;
  readonly handler: Handler;
  readonly entry: HandlerEntry;
  readonly secrets: Secrets;
}

/** Starts a main or post-job step in a process of its own. */
export function startStep(start: StepStart): RunningStep {
  const { job, definition, secrets } = start;
  const { variables, taskVariables, folders, options } = job;
  const record = createRecord();
  const stepName = options.name ?? 'jit';
  const toMachine = job.container?.toMachine ?? ((file: string) => file);
  const context: StepContext = {
    ...{ definition, stepName, variables, taskVariables, secrets, folders, record, toMachine },
  };
  const lines = createLineWaiter();
  const env = stepEnvironment(start);
  const refusal = whyNotStarted(env);
  if (refusal !== undefined) return neverStarted(refusal, lines);
  let cancelled = false;
  const task = startProcess({
    command: toCommand(start),
    env,
    onLine: (line) => {
      lines.push(line);
      readLine(line, context);
    },
  });
  const finished = task.ended
    .then((end) => toRun(context, end, cancelled))
    .finally(() => {
      lines.end();
    });
  // Without this, a test that first waits for a line would end the test process with an unhandled rejection.
  finished.catch(() => undefined);
  return {
    cancel: () => {
      cancelled = true;
      if (job.container !== undefined) {
        job.leftRunning.add(() => {
          task.kill();
        });
        task.abandon();
      } else task.cancel(readCancelTimes(variables, options.env ?? {}));
    },
    waitForLine: lines.wait,
    finished,
  };
}

function toCommand({ job, taskFolder, entry, handler }: StepStart): ProcessCommand {
  const { variables, container, folders } = job;
  const { sources } = folders;
  const cwd =
    entry.workingDirectory === undefined
      ? (container?.translate(sources) ?? sources)
      : variables.expand(entry.workingDirectory);
  return (
    container?.command(taskFolder, entry.target, cwd, handler) ?? {
      ...{ program: nodeFor(handler), args: [path.join(taskFolder, entry.target)], cwd },
    }
  );
}

/** Represents a step whose process the system refuses to start. */
function neverStarted(refusal: string, lines: LineWaiter): RunningStep {
  lines.end();
  const finished = Promise.reject(new Error(`No process starts: ${refusal}`));
  finished.catch(() => undefined);
  return { cancel: () => undefined, waitForLine: lines.wait, finished };
}

function stepEnvironment({ job, definition }: StepStart): Record<string, string> {
  const { container } = job;
  const given = resolveInputs(definition, job.options.inputs ?? {}, job.variables);
  const inputs = new Map([...given].map(([name, value]) => [name, container?.translate(value) ?? value]));
  const used = definition.inputs.flatMap(({ name, type }) => {
    const connection = job.connections.get(inputs.get(name) ?? '');
    if (connection === undefined || !type.startsWith('connectedService:')) return [];
    inputs.set(name, connection.id);
    return [connection];
  });
  const { systemToken, collectionUri, variables, taskVariables, folders, options } = job;
  const own = { COMMAND_CORRELATION_ID: randomUUID(), ...options.env };
  const { variablesLast = false } = options;
  return toEnvironment({
    ...{ inputs, connections: used, systemToken, collectionUri, variables, taskVariables, folders, own },
    ...{ variablesLast, image: container?.environment },
  });
}

function toRun(context: StepContext, end: ProcessEnd, cancelled: boolean): Run {
  const { record, secrets, taskVariables, folders } = context;
  if (end.exitCode !== 0 && !cancelled) {
    addIssue(
      { type: 'error', message: `The process failed with exit code ${end.exitCode ?? 'none'}.` },
      context,
    );
  }
  const problems = [
    ...record.problems,
    ...findLeaksInOutput('stdout', end.rawStdout, secrets),
    ...findLeaksInOutput('stderr', end.rawStderr, secrets),
    ...findLeaksInFiles(folders.root, secrets),
  ];
  if (problems.length > 0) {
    throw new Error(['The agent objects:', ...problems, 'The log was:', ...record.log].join('\n  '));
  }
  return {
    ...record,
    ...end,
    result: toResult(record, end, cancelled),
    taskVariables: Object.fromEntries(taskVariables.all().map(({ name, value }) => [name, value])),
    filesLeft: listFiles(folders.temp),
  };
}

/** A canceled step is Canceled, and a non-zero exit code is a failure, whatever the task reported. */
function toResult({ reported }: StepRecord, { exitCode }: ProcessEnd, cancelled: boolean): TaskResult {
  if (cancelled) return 'Canceled';
  return exitCode === 0 ? (reported ?? 'Succeeded') : mergeResults(reported, 'Failed');
}
