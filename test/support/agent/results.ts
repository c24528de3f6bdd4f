/** The possible results of a step, from the best to the worst. */
export const TASK_RESULTS = [
  'Succeeded',
  'SucceededWithIssues',
  'Failed',
  'Canceled',
  'Skipped',
  'Abandoned',
] as const;

export type TaskResult = (typeof TASK_RESULTS)[number];

/** Parses a result in `task.complete`, regardless of case. An unknown word gives undefined. */
export function parseTaskResult(word: string | undefined): TaskResult | undefined {
  return TASK_RESULTS.find((result) => result.toLowerCase() === word?.toLowerCase());
}

/**
 * Returns the result that the agent keeps when a second one arrives: the worse one, so that nothing replaces a failure.
 */
export function mergeResults(current: TaskResult | undefined, coming: TaskResult): TaskResult {
  if (current === undefined) return coming;
  const failed = TASK_RESULTS.indexOf(current) >= TASK_RESULTS.indexOf('Failed');
  return failed || TASK_RESULTS.indexOf(current) > TASK_RESULTS.indexOf(coming) ? current : coming;
}
