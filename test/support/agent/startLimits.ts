/**
 * The limits that prevent starting a process, on all systems that agents run on. A job that works on one system and
 * fails on another counts as failed.
 */

/** Linux: `name=value` with the NUL at the end, in bytes (MAX_ARG_STRLEN, 32 pages of 4 kB). */
const LINUX_BYTES = 131_072;
/** Windows: the value of one variable with the NUL, in UTF-16 units (SetEnvironmentVariable). */
const WINDOWS_UNITS = 32_767;
/** macOS: the whole environment with the arguments, in bytes (ARG_MAX). Linux allows more. */
const MACOS_BYTES = 1_048_576;

/** Returns why no process can be started with this environment, or undefined if one can. */
export function whyNotStarted(environment: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(environment);
  const bytes = entries.map(([name, value]) => Buffer.byteLength(`${name}=${value}`) + 1);
  for (const [at, [name, value]] of entries.entries()) {
    if (`${name}${value}`.includes('\0')) return `The variable ${name} holds a NUL.`;
    if (value.length + 1 > WINDOWS_UNITS) return `The variable ${name} has ${value.length} characters.`;
    if ((bytes[at] ?? 0) > LINUX_BYTES) return `The variable ${name} has ${bytes[at]} bytes (E2BIG).`;
  }
  const all = bytes.reduce((sum, one) => sum + one, 0);
  return all > MACOS_BYTES ? `The environment has ${all} bytes (E2BIG).` : undefined;
}
