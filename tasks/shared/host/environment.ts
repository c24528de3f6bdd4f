import { cleanEnvironment } from './cleanEnvironment';
import { AUTHORITY_NAMES, DEBUG_NAME } from './environmentNames';

/**
 * Imported before every library: some read the environment as soon as they are loaded. What was found is said later,
 * when there is a log. Node itself has read some names before the task began: for those it is too late to take them out.
 */
const authorities = AUTHORITY_NAMES.filter((name) => process.env[name] !== undefined);
const debugs = process.env[DEBUG_NAME] !== undefined;

export const environment = cleanEnvironment(process.env, process.platform);

/** Whether Node trusts certificates, or may trust them, because of a variable of the pipeline. */
export const distrustsNodesAuthorities = authorities.some((name) => process.env[name] === undefined);

// The tasks write nothing here themselves.
if (debugs) process.stderr.write = dropped;

function dropped(_chunk: unknown, ...more: readonly unknown[]): boolean {
  const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
  if (done) process.nextTick(done);
  return true;
}
