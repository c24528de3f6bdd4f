import { resolve } from 'node:path';
import { ownFolders } from '../../../../shared/host/folders';
import type { Host } from '../../../../shared/host/host';

type Variables = Pick<Host, 'readVariable'>;

/**
 * Returns the folder for files for later steps: the given one, where a relative one starts at the job's working folder.
 * If it is empty, returns the first that is set of the agent's folder for artifacts, its temporary folder, and the
 * working folder.
 */
export function outputFolder(host: Variables, given: string): string {
  const working = host.readVariable('System.DefaultWorkingDirectory');
  const staging = host.readVariable('Build.ArtifactStagingDirectory');
  const temporary = host.readVariable('Agent.TempDirectory');
  return given === '' ? staging || temporary || working : resolve(working, given);
}

export const isWindows = process.platform === 'win32';

/** Returns the agent's own folders. Below them, a link to another folder might come from a repository. */
export const workFolders = (host: Variables): readonly string[] =>
  [
    ...(['Agent.WorkFolder', 'Agent.BuildDirectory', 'System.DefaultWorkingDirectory'] as const).map((name) =>
      host.readVariable(name),
    ),
    ...ownFolders(),
  ].filter(Boolean);
