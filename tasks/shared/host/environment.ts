import { cleanEnvironment } from './cleanEnvironment';
import { AUTHORITY_NAMES, DEBUG_NAME } from './environmentNames';

/**
 * Imported before every library: some read the environment when they are loaded. What was found is logged later, when
 * there is a log. Node itself reads some names before the task begins, too early to remove them.
 */
const authorities = AUTHORITY_NAMES.filter((name) => process.env[name] !== undefined);
const debugs = process.env[DEBUG_NAME] !== undefined;

export const environment = cleanEnvironment(process.env, process.platform);

/** Whether Node trusts certificates, or might trust them, because of a pipeline variable. */
export const distrustsNodesAuthorities = authorities.some((name) => process.env[name] === undefined);

// The tasks themselves do not write to stderr.
if (debugs) process.stderr.write = dropped;

function dropped(_chunk: unknown, ...more: readonly unknown[]): boolean {
  const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
  if (done) process.nextTick(done);
  return true;
}
