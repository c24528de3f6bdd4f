import type { TaskResult } from './results';

/** A line that the run's page shows among the errors and warnings. */
export interface Issue {
  readonly type: 'error' | 'warning';
  readonly message: string;
}

/** A file that a stage attached to the run. */
export interface Attachment {
  readonly type: string;
  readonly name: string;
  /** As this machine sees it. */
  readonly file: string;
}

/** What a stage of a task has told the agent. */
export interface StepRecord {
  /** What `task.complete` said; undefined when it never came. */
  reported: TaskResult | undefined;
  /** The text beside the last `task.complete`. */
  message: string;
  /** How often `task.complete` came. */
  completions: number;
  /** The first ten errors and the first ten warnings. */
  readonly issues: Issue[];
  /** Seen by later steps as `$(step.name)`. */
  readonly outputs: Record<string, string>;
  /** Seen by later steps as `$(name)`. */
  readonly variables: Record<string, string>;
  /** The Markdown of every uploaded summary. */
  readonly summaries: string[];
  /** What the run's page shows above each of them: the name of its file. */
  readonly summaryHeadings: string[];
  /** Read when the stage has ended: the agent sends them later than the task names them. */
  readonly attachments: Attachment[];
  readonly progress: { readonly percent: number; readonly text: string }[];
  /** What a person sees, with secrets masked. */
  readonly log: string[];
  /** What a real agent would refuse or show as broken; every entry fails the test. */
  readonly problems: string[];
}

/** A stage that has not said anything yet. */
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
