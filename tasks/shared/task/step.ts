import { CodedError } from '../core/errors';
import { withLimit, type Limit } from '../core/limits';
import { bug, cancelled } from '../messages/failures';
import type { Content, TaskName } from '../document/document';
import type { Host } from '../host/host';
import { ignoredVariables } from '../messages/environment';
import { attachDocument } from './attach';

/** The time in milliseconds that the work has to end after a cancellation, before the step reports what stays open. */
const GRACE_MS = 1000;

/** The parts of a task that `runStep` runs. */
export interface Step {
  readonly task: TaskName;
  /** Does what is needed regardless of the result. */
  begin?(): void;
  /** Does the work. Returns an issue if it left out what the inputs allow. Any error but a `CodedError` is a bug. */
  work(signal: AbortSignal): Promise<string | undefined>;
  /** Returns what a run that is canceled at this time leaves open. Called once, at the end. */
  leftOpen(): string;
  /** Returns what the run's tab shows of the step, in its current state. */
  readonly content: () => Content;
}

/**
 * Runs a step and sets its one result: succeeded, or failed with a code. A canceled step ends within two seconds and
 * reports what stays open. The exit code is always 0, because the agent uses the result.
 */
export async function runStep(host: Host, step: Step): Promise<void> {
  const signal = host.cancelled;
  let ended = false;
  const end = (failure: CodedError | undefined, issue?: string) => {
    if (ended) return;
    ended = true;
    try {
      attachDocument(host, { task: step.task, part: 'main', content: step.content, failure });
      host.setResult(failure, issue);
    } finally {
      host.leave();
    }
  };
  host.onUncaught((error) => {
    end(bug(error));
  });
  let issue: string | undefined;
  const work = async (): Promise<void> => {
    step.begin?.();
    checkEnvironment(host);
    issue = await step.work(signal);
  };
  const failure = await Promise.race([settle(work()), graceAfter(host, signal)]);
  end(signal.aborted ? cancelled(step.leftOpen()) : failure, issue);
}

/** The time limits of the post-job step in milliseconds, for its work and in all. It ends within 45 seconds. */
const AFTER_JOB_MS = 40_000;
const LEAVE_AFTER_MS = 42_000;

/** The post-job step of a step. */
export interface AfterJob {
  readonly task: TaskName;
  /** Does the work. Any error becomes a warning. */
  work(limit: Limit): Promise<void>;
  /** Called at the end, in any case. Reports what is not reported yet, including what is not done. */
  report(): void;
  /** Returns what the run's tab shows of it, in its current state. */
  readonly content: () => Content;
}

/** Runs the post-job step. It never fails the job: a warning reports what it cannot do. */
export async function runAfterJob(host: Host, postJob: AfterJob): Promise<void> {
  const { cancelled, clock, log } = host;
  let ended = false;
  const end = (warnings: readonly string[]) => {
    if (ended) return;
    ended = true;
    try {
      for (const warning of warnings) log.warning(warning);
      postJob.report();
      attachDocument(host, {
        task: postJob.task,
        part: 'postJob',
        content: postJob.content,
        failure: undefined,
      });
    } finally {
      host.leave();
    }
  };
  host.onUncaught((error) => {
    end([bug(error).message]);
  });
  const leaving = AbortSignal.any([cancelled, AbortSignal.timeout(LEAVE_AFTER_MS)]);
  const work = withLimit(clock, cancelled, AFTER_JOB_MS, (limit) => {
    checkEnvironment(host);
    return postJob.work(limit);
  });
  const failure = await Promise.race([settle(work), graceAfter(host, leaving)]);
  end(failure ? [failure.message] : []);
}

/** Logs the pipeline variables that are ignored. Throws JIT101 for those that are ambiguous. */
function checkEnvironment(host: Host): void {
  if (host.ignoredVariables.length > 0) host.log.warning(ignoredVariables(host.ignoredVariables));
  host.checkVariables();
}

/** Waits for the signal, which can have fired before the work began, and then for the time that the work has to end. */
async function graceAfter({ clock }: Host, signal: AbortSignal): Promise<undefined> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else {
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    }
  });
  await clock.sleep(GRACE_MS, new AbortController().signal);
}

async function settle(work: Promise<void>): Promise<CodedError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof CodedError ? error : bug(error);
  }
}
