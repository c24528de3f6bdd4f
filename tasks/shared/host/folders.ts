import type { Host } from './host';

/** The folders that jobs write, by the agent's own variables. Most lie in the first, unless the job runs in a container. */
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
