import path from 'node:path';
import type { Host } from './host';

/**
 * Returns the folders that jobs write to, regardless of variables, because steps can change those: the agent's work
 * folder, which contains its copy of the task below `_tasks`, and the folder in which the step runs.
 *
 * @param program the folder of the program
 */
export function ownFolders(program = __dirname, working = process.cwd()): readonly string[] {
  const parts = program.split(path.sep);
  const at = parts.lastIndexOf('_tasks');
  const work = parts.slice(0, Math.max(0, at)).join(path.sep);
  return [work, working].filter((folder) => folder !== '' && path.parse(folder).root !== folder);
}

/**
 * Returns the folders that jobs write to, including those in the agent's own variables. Most are in the first one,
 * unless the job runs in a container.
 */
export const jobFolders = (host: Pick<Host, 'readVariable'>): readonly string[] =>
  [
    ...(
      [
        'Agent.WorkFolder',
        'Agent.BuildDirectory',
        'Agent.TempDirectory',
        'System.DefaultWorkingDirectory',
        'Build.SourcesDirectory',
        'Pipeline.Workspace',
      ] as const
    ).map((name) => host.readVariable(name)),
    ...ownFolders(),
  ].filter((folder) => folder !== '');
