import { listText, say } from '../core/text';
import { CodedError } from '../core/errors';

/** What is said of variables of the pipeline that reach for what is not theirs. */

export const ignoredVariables = (names: readonly string[]): string =>
  say`${listText(names)} ${names.length === 1 ? 'has' : 'have'} no effect on this step: a variable of the pipeline may not set an input, a connection, or what the sign-in reads from the environment. What is meant for the agent's machine belongs into the environment of the agent.`;

const renameIt = (seen: string): CodedError =>
  new CodedError({
    code: 'JIT101',
    seen,
    remedy: 'Rename the variable that is yours, or find out which step sets it; nothing was asked of Azure.',
  });

export const ambiguousVariables = (groups: readonly (readonly string[])[]): CodedError =>
  renameIt(
    groups
      .map(
        (names) =>
          say`The variables ${listText(names)} have one name in the environment, so that this task cannot know which value is meant.`,
      )
      .join(' '),
  );

export const replacingVariables = (names: readonly string[]): CodedError =>
  renameIt(
    say`${listText(names)} may have replaced what this step was given: agents from before July 2026 let a variable of such a name replace an input or a connection, and this one does not show that it is newer.`,
  );
