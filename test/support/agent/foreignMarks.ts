/**
 * The agent warns on the run's page of a line that is no command but has the word of one, and its log draws a line that
 * begins with `##[error]` as an error. A text of somebody else must do neither, here or where it is printed again.
 */

/**
 * The agent finds the word by culture: characters without a weight do not count. (azure-pipelines-agent,
 * WorkerCommandManager.TryProcessCommand)
 */
const IGNORED = /[\p{Default_Ignorable_Code_Point}\p{M}\u0640\u07fa\u180a\u1cd3\ufe73]/gu;

/** What a task itself may begin a line with. */
export const OWN_FORMAT = /^##\[(?:group|endgroup)\]/;

/** The mark in a text: `##vso` or `##[`; undefined when there is none. */
export function findMark(text: string): '##vso' | '##[' | undefined {
  const visible = text.replace(IGNORED, '');
  if (/##vso/i.test(visible)) return '##vso';
  return visible.includes('##[') ? '##[' : undefined;
}
