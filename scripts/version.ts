import type { TaskDefinition } from './tasks';

/** The version of a release, which is only written in package.json. */
export interface Version {
  readonly text: string;
  readonly minor: number;
  readonly patch: number;
}

/**
 * Reads the version from package.json.
 *
 * @throws Error for anything except three numbers, because neither the Marketplace nor the agent supports pre-releases.
 */
export function parseVersion(packageJson: Readonly<Record<string, unknown>>): Version {
  const text = String(packageJson['version']);
  const match = /^\d+\.(\d+)\.(\d+)$/.exec(text);
  if (match === null) throw new Error(`The version in package.json must be three numbers, not "${text}".`);
  return { text, minor: Number(match[1]), patch: Number(match[2]) };
}

/**
 * Returns a task.json with the release's minor and patch version. Agents cache a task by its version, so it must
 * increase with every release. The major version belongs to the task, because pipelines use it in `@1`.
 */
export function withTaskVersion(definition: TaskDefinition, version: Version): TaskDefinition {
  const { Major } = definition.version;
  return { ...definition, version: { Major, Minor: version.minor, Patch: version.patch } };
}
