import type { Variables } from './variables';

/** How long the agent waits between SIGINT, SIGTERM and the end, in milliseconds; on Windows Ctrl-C and Ctrl-Break. */
export interface CancelTimes {
  readonly interruptMs: number;
  readonly terminateMs: number;
}

const INTERRUPT = 'PROCESS_SIGINT_TIMEOUT';
const TERMINATE = 'PROCESS_SIGTERM_TIMEOUT';

/** What the agent takes where nobody says otherwise. */
const DEFAULTS = { [INTERRUPT]: 7500, [TERMINATE]: 2500 };

/** The variables of a pipeline that configure these times. */
export const toCancelVariables = ({ interruptMs, terminateMs }: CancelTimes): Record<string, string> => ({
  [INTERRUPT]: String(interruptMs),
  [TERMINATE]: String(terminateMs),
});

/**
 * The cancelling times of a job: by a variable, else by the agent's own environment, else the agent's default.
 * (azure-pipelines-agent, AgentKnobs.ProccessSigintTimeout)
 */
export function readCancelTimes(variables: Variables, own: Readonly<Record<string, string>>): CancelTimes {
  const read = (name: keyof typeof DEFAULTS): number =>
    Number(variables.get(name)?.value ?? own[name] ?? DEFAULTS[name]);
  return { interruptMs: read(INTERRUPT), terminateMs: read(TERMINATE) };
}
