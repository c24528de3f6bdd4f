import type { TaskResult } from './results';

/** A line that the run's page shows as an error or warning. */
export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
}

/** A file that a step attached to the run. */
export interface Attachment {
  readonly type: string;
  readonly name: string;
  /** The path on this machine. */
  readonly file: string;
}

/** What a task has reported to the agent. */
export interface StepRecord {
  /** The result of `task.complete`, or undefined if the command was never sent. */
  reported: TaskResult | undefined;
  /** The text of the last `task.complete`. */
  message: string;
  /** The number of `task.complete` commands. */
  completions: number;
  /** The first ten errors and the first ten warnings. */
  readonly issues: Issue[];
  /** Available to later steps as `$(step.name)`. */
  readonly outputs: Record<string, string>;
  /** Available to later steps as `$(name)`. */
  readonly variables: Record<string, string>;
  /** The Markdown of every uploaded summary. */
  readonly summaries: string[];
  /** The heading that the run's page shows above each summary: the name of its file. */
  readonly summaryHeadings: string[];
  /** Read when the step has ended, because the agent uploads the files later than the task names them. */
  readonly attachments: Attachment[];
  readonly progress: { readonly percent: number; readonly text: string }[];
  /** The log as users see it, with secrets masked. */
  readonly log: string[];
  /** What a real agent would reject or show as broken. Every entry fails the test. */
  readonly problems: string[];
}

/** Creates a record in which nothing has been reported yet. */
export function createRecord(): StepRecord {
  return {
    reported: undefined,
    message: '',
    completions: 0,
    issues: [],
    outputs: {},
    variables: {},
    summaries: [],
    summaryHeadings: [],
    attachments: [],
    progress: [],
    log: [],
    problems: [],
  };
}
