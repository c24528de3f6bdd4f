import type { Host } from './host';

/**
 * Returns the folders that jobs can write to, by the agent's variables. Most are in the first, except in a container.
 */
export const jobFolders = (host: Pick<Host, 'readVariable'>): readonly string[] =>
  (
    [
      'Agent.WorkFolder',
      'Agent.BuildDirectory',
      'Agent.TempDirectory',
      'System.DefaultWorkingDirectory',
      'Build.SourcesDirectory',
      'Pipeline.Workspace',
    ] as const
  )
    .map((name) => host.readVariable(name))
    .filter((folder) => folder !== '');
