/**
 * The agent shows a warning on the run's page for a line that is not a command but contains the prefix of one, and the
 * log shows a line that begins with `##[error]` as an error. Foreign text must cause neither, here or where it is
 * printed again.
 */

/**
 * The agent searches with culture-sensitive comparison, which ignores characters without a weight.
 * (azure-pipelines-agent, WorkerCommandManager.TryProcessCommand)
 */
const IGNORED = /[\p{Default_Ignorable_Code_Point}\p{M}\u0640\u07fa\u180a\u1cd3\ufe73]/gu;

/** The prefixes with which a task itself can begin a line. */
export const OWN_FORMAT = /^##\[(?:group|endgroup)\]/;

/** Returns the mark in a text, `##vso` or `##[`, or undefined if there is none. */
export function findMark(text: string): '##vso' | '##[' | undefined {
  const visible = text.replace(IGNORED, '');
  if (/##vso/i.test(visible)) return '##vso';
  return visible.includes('##[') ? '##[' : undefined;
}
