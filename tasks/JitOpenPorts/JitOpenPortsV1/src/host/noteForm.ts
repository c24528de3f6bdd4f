import { environmentForm } from '../../../../shared/host/variables';

/** How a note lies in the environment. Nothing here needs the agent's library. */

/** The form of a note: the seal, and what is sealed. */
export const SEALED = /^sealed:([\w-]*):(.*)$/s;

/** The name that a task variable has in the environment. */
export const taskVariableForm = (name: string): string => `VSTS_TASKVARIABLE_${environmentForm(name)}`;

/**
 * What the environment shows of a note, without a look at its seal: good enough to see that there is nothing to do.
 * A note that is packed or in a file is given in that form.
 */
export function peekNote(name: string): string {
  const noted = process.env[taskVariableForm(name)] ?? '';
  return SEALED.exec(noted)?.[2] ?? noted;
}
