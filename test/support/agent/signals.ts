import { createRequire } from 'node:module';
import { canHaveRoot } from './container';

/** Windows has Ctrl-C instead of signals. koffi sends it if npm has installed it for the system. */
const CAN_CANCEL = process.platform !== 'win32' || isInstalled('koffi');

function isInstalled(name: string): boolean {
  try {
    createRequire(__filename)(name);
    return true;
  } catch {
    return false;
  }
}

const leaveOut = (title: string): void => {
  console.log(`Left out, because Ctrl-C cannot be sent here: ${title}`);
};

/** `describe` if a step can be canceled as the agent does it. Otherwise, logs that it cannot. */
export function describeWithSignals(title: string, body: () => void): void {
  if (CAN_CANCEL) describe(title, body);
  else leaveOut(title);
}

/** `it` if a step can be canceled as the agent does it. Otherwise, logs that it cannot. */
export function itWithSignals(title: string, body: () => Promise<void>): void {
  if (CAN_CANCEL) it(title, body);
  else leaveOut(title);
}

/** `it` if the second signal is SIGTERM. Windows has Ctrl-Break instead, which Wine does not send. */
export function itWithTerm(title: string, body: () => Promise<void>): void {
  if (process.platform !== 'win32') it(title, body);
}

/** `it` if a test can have a root file system of its own. Otherwise, logs that it cannot. */
export function itInRoot(title: string, body: () => Promise<void>): void {
  if (canHaveRoot()) it(title, body);
  else console.log(`Left out, because this machine gives no root file system: ${title}`);
}
