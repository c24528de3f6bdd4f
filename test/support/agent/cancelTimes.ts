import type { Variables } from './variables';

/**
 * How long the agent waits between SIGINT, SIGTERM, and the kill, in milliseconds. On Windows, Ctrl-C and Ctrl-Break
 * replace the signals.
 */
export interface CancelTimes {
  readonly interruptMs: number;
  readonly terminateMs: number;
}

const INTERRUPT = 'PROCESS_SIGINT_TIMEOUT';
const TERMINATE = 'PROCESS_SIGTERM_TIMEOUT';

/** The agent's defaults. */
const DEFAULTS = { [INTERRUPT]: 7500, [TERMINATE]: 2500 };

/** Returns the variables of a pipeline that configure these times. */
export const toCancelVariables = ({ interruptMs, terminateMs }: CancelTimes): Record<string, string> => ({
  [INTERRUPT]: String(interruptMs),
  [TERMINATE]: String(terminateMs),
});

/**
 * Reads the cancel times of a job: from a variable, otherwise from the agent's own environment, otherwise the agent's
 * defaults. (azure-pipelines-agent, AgentKnobs.ProccessSigintTimeout)
 */
export function readCancelTimes(variables: Variables, own: Readonly<Record<string, string>>): CancelTimes {
  const read = (name: keyof typeof DEFAULTS): number =>
    Number(variables.get(name)?.value ?? own[name] ?? DEFAULTS[name]);
  return { interruptMs: read(INTERRUPT), terminateMs: read(TERMINATE) };
}
