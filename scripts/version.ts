import type { TaskDefinition } from './tasks';

/** The version of a release: package.json is the only place where it is written. */
export interface Version {
  readonly text: string;
  readonly minor: number;
  readonly patch: number;
}

/**
 * Reads the version out of package.json.
 *
 * @throws Error for anything but three numbers, since neither the Marketplace nor the agent knows pre-releases.
 */
export function parseVersion(packageJson: Readonly<Record<string, unknown>>): Version {
  const text = String(packageJson['version']);
  const match = /^\d+\.(\d+)\.(\d+)$/.exec(text);
  if (match === null) throw new Error(`The version in package.json must be three numbers, not "${text}".`);
  return { text, minor: Number(match[1]), patch: Number(match[2]) };
}

/**
 * A task.json with the release's minor and patch version. Agents cache a task by its version, so that it rises
 * with every release; the major version is the task's own, because pipelines ask for it by `@1`.
 */
export function withTaskVersion(definition: TaskDefinition, version: Version): TaskDefinition {
  const { Major } = definition.version;
  return { ...definition, version: { Major, Minor: version.minor, Patch: version.patch } };
}
