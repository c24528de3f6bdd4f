import { environmentForm } from '../../../../shared/host/variables';

/** The form of a note in the environment. Nothing in this module needs the agent's library. */

/** The form of a note: the seal, and the sealed text. */
export const SEALED = /^sealed:([\w-]*):(.*)$/s;

/** Returns the name of a task variable in the environment. */
const taskVariableForm = (name: string): string => `VSTS_TASKVARIABLE_${environmentForm(name)}`;

/**
 * Returns the text of a note in the environment, without checking its seal: enough to see that there is nothing to do.
 * A note that is packed or in a file is returned in that form.
 */
export function peekNote(name: string): string {
  const noted = process.env[taskVariableForm(name)] ?? '';
  return SEALED.exec(noted)?.[2] ?? noted;
}
