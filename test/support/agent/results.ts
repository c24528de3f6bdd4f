/** How a step can end, from the best to the worst. */
export const TASK_RESULTS = [
  'Succeeded',
  'SucceededWithIssues',
  'Failed',
  'Canceled',
  'Skipped',
  'Abandoned',
] as const;

export type TaskResult = (typeof TASK_RESULTS)[number];

/** The result that a word in `task.complete` means; case does not count, and an unknown word means none. */
export function parseTaskResult(word: string | undefined): TaskResult | undefined {
  return TASK_RESULTS.find((result) => result.toLowerCase() === word?.toLowerCase());
}

/** What the agent keeps when a second result arrives: the worse one, and nothing replaces a failure. */
export function mergeResults(current: TaskResult | undefined, coming: TaskResult): TaskResult {
  if (current === undefined) return coming;
  const failed = TASK_RESULTS.indexOf(current) >= TASK_RESULTS.indexOf('Failed');
  return failed || TASK_RESULTS.indexOf(current) > TASK_RESULTS.indexOf(coming) ? current : coming;
}
