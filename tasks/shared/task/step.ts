import { CodedError } from '../core/errors';
import { withLimit, type Limit } from '../core/limits';
import { bug, cancelled } from '../messages/failures';
import type { Content, TaskName } from '../document/document';
import type { Host } from '../host/host';
import { ignoredVariables } from '../messages/environment';
import { attachDocument } from './attach';

/** After a cancellation, how long the work may take to come to its end before the step says what stays open. */
const GRACE_MS = 1000;

/** What every task does around its work. */
export interface Step {
  readonly task: TaskName;
  /** What must be done whatever comes of the step. */
  begin?(): void;
  /** Does the work, and gives what it left undone as was allowed, if anything. Throws a `CodedError`; anything else is a bug. */
  work(signal: AbortSignal): Promise<string | undefined>;
  /** What a run that is cancelled now leaves open. Asked for once, at its end. */
  leftOpen(): string;
  /** What the run's tab shows of the step, as it is now. */
  readonly content: () => Content;
}

/**
 * Runs a step to its one result: succeeded, or failed with a code. A cancelled step ends within two seconds and
 * says what stays open. The process has exit code 0 in every case, because the result tells the agent.
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

/** How long the post-job step may work, and when it leaves whatever happens: within 45 seconds. */
const AFTER_JOB_MS = 40_000;
const LEAVE_AFTER_MS = 42_000;

/** The post-job step of a step. */
export interface AfterJob {
  readonly task: TaskName;
  /** Does the work. Whatever it throws becomes a warning. */
  work(limit: Limit): Promise<void>;
  /** Says at the end, whenever that is, what was not said yet: also what is not done. */
  report(): void;
  /** What the run's tab shows of it, as it is now. */
  readonly content: () => Content;
}

/** Runs the post-job step. It never fails the job: what it cannot do, it says as a warning. */
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

/** Names the variables of the pipeline that are not believed. Throws JIT101 for those that leave open what is meant. */
function checkEnvironment(host: Host): void {
  if (host.ignoredVariables.length > 0) host.log.warning(ignoredVariables(host.ignoredVariables));
  host.checkVariables();
}

/** Waits for the signal, which may have fired before the work began, and then as long as the work may take to end. */
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
