import { setTimeout as sleep } from 'node:timers/promises';
import { isValidArguments, type Tfx } from './tfx.ts';
import type { PackageIdentity } from './vsix.ts';

/** The same time that tfx itself waits for a public extension. */
export const LONGEST_WAIT_MS = 20 * 60_000;
const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [2000, 15_000];
/** How many consecutive times tfx is allowed to fail to return the status. */
const MOST_FAILURES = 3;

/** The functions of a clock that the wait needs. */
export interface Clock {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
}

const systemClock: Clock = { now: () => performance.now(), pause: (ms) => sleep(ms) };

/**
 * Waits until the Marketplace has validated a version.
 *
 * @throws Error with the Marketplace's reason if the version is invalid, with the error of tfx if it fails several
 * consecutive times, and if the validation is not complete in time.
 */
export async function waitForValidation(
  tfx: Tfx,
  { vsix, identity, token }: { vsix: string; identity: PackageIdentity; token: string },
  clock = systemClock,
): Promise<void> {
  const { publisher, id, version } = identity;
  const name = `${publisher}.${id} ${version}`;
  const end = clock.now() + LONGEST_WAIT_MS;
  let failures = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const status = await readStatus(tfx, isValidArguments(vsix, version, token)).catch((error: unknown) => {
      failures += 1;
      if (failures === MOST_FAILURES) throw error;
      return undefined;
    });
    if (status !== undefined) failures = 0;
    if (status?.status === 'success') return;
    if (status?.status === 'error') {
      throw new Error(`The Marketplace refuses ${name}: ${status.message ?? 'it gives no reason'}`);
    }
    if (clock.now() + pause > end) {
      throw new Error(
        `${name} is published, but not validated after ${LONGEST_WAIT_MS / 60_000} minutes. It becomes available when it is valid. ` +
          `To see the status, run: tfx extension isvalid --publisher ${publisher} --extension-id ${id} --version ${version}`,
      );
    }
    await clock.pause(pause);
  }
}

interface Status {
  readonly status: 'pending' | 'success' | 'error';
  readonly message?: string;
}

/** @throws Error for anything except the JSON that tfx documents for this command. */
async function readStatus(tfx: Tfx, args: readonly string[]): Promise<Status> {
  const output = await tfx(args);
  const status = ((): Partial<Status> => {
    try {
      return JSON.parse(output) as Partial<Status>;
    } catch {
      return {};
    }
  })();
  if (status.status === undefined || !['pending', 'success', 'error'].includes(status.status)) {
    throw new Error(`tfx extension isvalid gave an unexpected response: ${output.slice(0, 500)}`);
  }
  return status as Status;
}
