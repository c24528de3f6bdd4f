import type { Json } from '../../tasks/shared/core/json';
import type { Clock } from '../../tasks/shared/core/limits';
import { statusText, type Caller } from './azure';

/** The name of the temporary policy: what is called so is the kit's. */
export const POLICY_NAME = 'jit-live-kit';

/** The names of a policy and a VM have so many characters together at most. */
export const LONGEST_NAMES = 56;

/** The body of a policy for one VM. */
export const policyBody = (
  vmId: string,
  ports: readonly { readonly number: number; readonly source: string }[],
): Json => ({
  kind: 'Basic',
  properties: {
    virtualMachines: [
      {
        id: vmId,
        ports: ports.map(({ number, source }) => ({
          number,
          protocol: 'TCP',
          allowedSourceAddressPrefix: source,
          maxRequestAccessDuration: 'PT1H',
        })),
      },
    ],
  },
});

const TRIES = 12;
const PAUSE_MS = 10_000;

/**
 * Deletes a policy, again while it is being written. One that is not there is well.
 *
 * @throws Error with the answer when it cannot be deleted
 */
export async function deletePolicy(azure: Caller, id: string, clock: Clock): Promise<void> {
  for (let tries = 1; ; tries++) {
    const answer = await azure.ask('DELETE', id, 'jit');
    if (answer.status < 300 || answer.status === 404) return;
    if (answer.status !== 409 || tries === TRIES)
      throw new Error(`${statusText(answer)}. Delete ${id} manually.`);
    await clock.sleep(PAUSE_MS, new AbortController().signal);
  }
}
