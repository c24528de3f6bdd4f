import path from 'node:path';
import type { VariableValue } from './variables';

/** The kind of run: a YAML pipeline or a classic release. */
export type HostKind = 'build' | 'release';

/** The folders of one job, in the agent's layout. */
export interface JobFolders {
  /** Contains all the others. */
  readonly root: string;
  readonly work: string;
  readonly temp: string;
  readonly sources: string;
  readonly home: string;
  /** The machine's own temporary folder. */
  readonly machineTemp: string;
}

/** Returns the paths of the job's folders below a root. */
export function toJobFolders(root: string): JobFolders {
  const work = path.join(root, '_work');
  return {
    root,
    work,
    temp: path.join(work, '_temp'),
    sources: path.join(work, '1', 's'),
    home: path.join(root, 'home'),
    machineTemp: path.join(root, 'tmp'),
  };
}

type Group = Readonly<Record<string, VariableValue>>;

export const COLLECTION_URI = 'https://dev.azure.com/contoso/';
const PROJECT_ID = '8a4c1d52-6a3f-4b8e-9d35-0c5f3c2b1e77';
const PLAN_ID = 'd2f1b7a0-3c55-4f0b-8d64-9f0f0a1c6b21';
const JOB_ID = '12f1170f-54f2-53f3-20dd-22fc7dff55f9';

/** Returns the variables that every job has. */
export function predefinedVariables(
  host: HostKind,
  folders: JobFolders,
  systemToken: string,
  collectionUri: string,
): Group {
  return {
    'Agent.BuildDirectory': path.dirname(folders.sources),
    'Agent.HomeDirectory': folders.home,
    'Agent.Id': '7',
    'Agent.JobName': 'Deploy',
    'Agent.JobStatus': 'Succeeded',
    'Agent.MachineName': 'agent-01',
    'Agent.Name': 'agent-01',
    'Agent.OS': 'Linux',
    'Agent.OSArchitecture': 'X64',
    'Agent.TempDirectory': folders.temp,
    'Agent.ToolsDirectory': path.join(folders.work, '_tool'),
    'Agent.Version': '4.266.2',
    'Agent.WorkFolder': folders.work,
    'System.AccessToken': { value: systemToken, secret: true },
    'System.CollectionId': '0f2f2f6e-8d04-4f0c-a6a4-31f1c0a7f5bd',
    'System.CollectionUri': collectionUri,
    'System.Culture': 'en-US',
    'System.DefaultWorkingDirectory': folders.sources,
    'System.DefinitionId': '12',
    'System.EnableOidc': 'true',
    'System.HostType': host,
    'System.JobAttempt': '1',
    'System.JobDisplayName': 'Deploy',
    'System.JobId': JOB_ID,
    'System.JobName': 'Deploy',
    'System.OidcRequestUri': `${collectionUri}${PROJECT_ID}/_apis/distributedtask/hubs/${host}/plans/${PLAN_ID}/jobs/${JOB_ID}/oidctoken`,
    'System.PlanId': PLAN_ID,
    'System.ServerType': 'Hosted',
    'System.StageName': 'Production',
    'System.TaskDisplayName': 'Just-in-time access',
    'System.TaskInstanceId': '5f9c2e0a-4ad8-5e6c-9d3a-1bb1f6d0c111',
    'System.TeamFoundationCollectionUri': collectionUri,
    'System.TeamProject': 'Web Shop',
    'System.TeamProjectId': PROJECT_ID,
    // The agent's own variable, with which it finds processes that a job left running.
    VSTS_PROCESS_LOOKUP_ID: `vsts_${JOB_ID}`,
    ...(host === 'build' ? buildVariables(folders) : releaseVariables(collectionUri)),
  };
}

function buildVariables(folders: JobFolders): Group {
  return {
    'Build.ArtifactStagingDirectory': path.join(path.dirname(folders.sources), 'a'),
    'Build.BuildId': '4711',
    'Build.BuildNumber': '20260801.3',
    'Build.DefinitionName': 'deploy-web',
    'Build.QueuedBy': 'Ada Park',
    'Build.Reason': 'Manual',
    'Build.RequestedFor': 'Ada Park',
    'Build.RequestedForEmail': 'ada.park@contoso.example',
    'Build.SourceBranch': 'refs/heads/main',
    'Build.SourcesDirectory': folders.sources,
    'Build.SourceVersion': '6f1a9f7f0e7c2f4f9b6d4a1f3e0b5c2d8a7e6f50',
  };
}

function releaseVariables(collectionUri: string): Group {
  return {
    'Release.AttemptNumber': '1',
    'Release.DefinitionName': 'Web shop release',
    'Release.DeploymentID': '901',
    'Release.Deployment.RequestedFor': 'Ada Park',
    'Release.EnvironmentName': 'Production',
    'Release.Reason': 'Manual',
    'Release.ReleaseId': '88',
    'Release.ReleaseName': 'Release-88',
    'Release.ReleaseWebURL': `${collectionUri}${PROJECT_ID}/_release?releaseId=88&_a=release-summary`,
    'Release.RequestedFor': 'Ada Park',
  };
}
