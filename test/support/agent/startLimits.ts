/**
 * What keeps a process from being started, on any of the systems that agents run on: a job that is fine on one of them
 * and breaks on another is broken.
 */

/** Linux: `name=value` with the NUL behind it, in bytes (MAX_ARG_STRLEN, 32 pages of 4 kB). */
const LINUX_BYTES = 131_072;
/** Windows: the value of one variable, in UTF-16 units with the NUL (SetEnvironmentVariable). */
const WINDOWS_UNITS = 32_767;
/** macOS: the whole environment with the arguments, in bytes (ARG_MAX); Linux allows more. */
const MACOS_BYTES = 1_048_576;

/** Why no process starts with this environment; undefined when one does. */
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
