import { resolve } from 'node:path';
import { ownFolders } from '../../../../shared/host/folders';
import type { Host } from '../../../../shared/host/host';

type Variables = Pick<Host, 'readVariable'>;

/**
 * The folder that files for later steps go to: the one given, from the job's working folder when it is relative; else
 * where the agent keeps what is to be published, or its folder for temporary files.
 */
export function outputFolder(host: Variables, given: string): string {
  const working = host.readVariable('System.DefaultWorkingDirectory');
  const staging = host.readVariable('Build.ArtifactStagingDirectory');
  const temporary = host.readVariable('Agent.TempDirectory');
  return given === '' ? staging || temporary || working : resolve(working, given);
}

export const isWindows = process.platform === 'win32';

/** The agent's own folders: below them, a link to another folder may have come with a repository. */
export const workFolders = (host: Variables): readonly string[] =>
  [
    ...(['Agent.WorkFolder', 'Agent.BuildDirectory', 'System.DefaultWorkingDirectory'] as const).map((name) =>
      host.readVariable(name),
    ),
    ...ownFolders(),
  ].filter(Boolean);
