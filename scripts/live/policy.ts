import type { Json } from '../../tasks/shared/core/json';
import type { Clock } from '../../tasks/shared/core/limits';
import { statusText, type Caller } from './azure';

/** The name of the temporary policy. A policy with this name belongs to the kit. */
export const POLICY_NAME = 'jit-live-kit';

/** The maximum total length of the names of a policy and a VM. */
export const LONGEST_NAMES = 56;

/** Returns the body of a policy for one VM. */
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
 * Deletes a policy, with retries while it is being written. It succeeds if the policy does not exist.
 *
 * @throws Error with the response if it cannot be deleted
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
