import { listText, say } from '../core/text';
import { CodedError } from '../core/errors';

/** Messages about pipeline variables that would change what a pipeline must not change. */

export const ignoredVariables = (names: readonly string[]): string =>
  say`${listText(names)} ${names.length === 1 ? 'has' : 'have'} no effect on this step: a pipeline variable cannot set an input, a connection, or a value that the sign-in reads from the environment. Set values for the agent's machine in the environment of the agent.`;

const renameIt = (seen: string): CodedError =>
  new CodedError({
    code: 'JIT101',
    seen,
    remedy: 'Rename your variable, or find the step that sets it. Nothing was sent to Azure.',
  });

export const ambiguousVariables = (groups: readonly (readonly string[])[]): CodedError =>
  renameIt(
    groups
      .map(
        (names) =>
          say`The variables ${listText(names)} have the same name in the environment, so this task cannot choose the correct value.`,
      )
      .join(' '),
  );

export const replacingVariables = (names: readonly string[]): CodedError =>
  renameIt(
    say`${listText(names)} might have replaced an input or a connection of this step: in agents released before July 2026, a variable with such a name replaces it, and this agent does not show that it is newer.`,
  );
