import { markdownSentence } from '../core/text';
import type { CodedError } from '../core/errors';
import * as say from '../messages/checkList';
import type { Log } from '../core/log';
import type { ShownCheck } from '../document/document';
import { MARKS, TOPICS, type Check, type CheckList, type Topic } from '../core/checks';

/** The maximum number of lines of one topic. */
const MOST = 12;

export const passed = (topic: Topic, text: string): Check => ({ topic, mark: 'ok', text });

export const unchecked = (topic: Topic, text: string): Check => ({ topic, mark: 'not checked', text });

/** Returns a check with which a real run would fail. */
export const failed = (
  topic: Topic,
  failure: CodedError,
  text = `${failure.code}: ${failure.seen}`,
): Check => ({ topic, mark: 'would fail', text, failure });

/** Sorts a list by topic and cuts long topics: the most severe marks come first, and a last line counts the rest. */
export function cutCheckList(list: CheckList): CheckList {
  return TOPICS.flatMap((topic): CheckList => {
    const all = list.filter((check) => check.topic === topic);
    if (all.length <= MOST) return all;
    const sorted = MARKS.flatMap((mark) => all.filter((check) => check.mark === mark));
    const rest = sorted.slice(MOST - 1);
    const counts = MARKS.map((mark) => ({ mark, count: rest.filter((check) => check.mark === mark).length }));
    const text = say.others(counts.filter(({ count }) => count > 0));
    return [...sorted.slice(0, MOST - 1), { topic, mark: rest[0]?.mark ?? 'ok', text }];
  });
}

/** Writes a check list to the log, and its loud checks as warnings of the run. */
export function logCheckList(log: Log, list: CheckList): void {
  const shown = cutCheckList(list);
  log.group(say.checkListTitle);
  for (const { topic, mark, text } of shown) log.line(say.checkText(topic, mark, text));
  log.endGroup();
  for (const { loud, text } of shown) if (loud === true) log.warning(text);
}

/** Returns a check as the run's tab shows it. */
export const toShown = ({ topic, mark, text }: Check): ShownCheck => ({ topic, mark, text });

/** Returns the check list as a Markdown table for the run's page. */
export function checkListMarkdown(list: CheckList): string {
  const rows = cutCheckList(list).map(
    ({ topic, mark, text }) => `| ${topic} | ${mark} | ${markdownSentence(text)} |`,
  );
  return `${['| Check | Status | Result |', '| --- | --- | --- |', ...rows].join('\n')}\n`;
}
