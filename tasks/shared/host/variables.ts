/**
 * The pipeline variables that the tasks or the agent's library read, as the agent names them. Every variable that is
 * read must be in this list: if two variables have one of these names in the environment, a step fails.
 */
const READ_BY_TASKS = [
  'Agent.BuildDirectory',
  'Agent.CAInfo',
  'Agent.ProxyBypassList',
  'Agent.ProxyUrl',
  'Agent.ProxyUsername',
  'Agent.TempDirectory',
  'Agent.WorkFolder',
  'Build.ArtifactStagingDirectory',
  'Build.BuildId',
  'Build.BuildNumber',
  'Build.DefinitionName',
  'Build.RequestedFor',
  'Build.SourcesDirectory',
  'Pipeline.Workspace',
  'Release.DefinitionName',
  'Release.ReleaseId',
  'Release.ReleaseName',
  'Release.RequestedFor',
  'System.CollectionUri',
  'System.DefaultWorkingDirectory',
  'System.HostType',
  'System.JobAttempt',
  'System.JobDisplayName',
  'System.JobId',
  'System.OidcRequestUri',
  'System.PlanId',
  'System.TaskDisplayName',
  'System.TaskInstanceId',
  'System.TeamProject',
  'System.TeamProjectId',
] as const;

/** Read by the agent's library itself. */
const READ_BY_LIBRARY = ['Agent.ProxyPassword'] as const;

/** A variable that a task can read. */
export type VariableName = (typeof READ_BY_TASKS)[number];

/** Returns a variable's name as the agent writes it to the environment if it preserves the case. */
export const spellingOf = (name: string): string => name.replace(/[. ]/g, '_');

/**
 * Returns a variable's name as the agent writes it to the environment, in upper case (microsoft/azure-pipelines-agent,
 * VarUtil.ConvertToEnvVariableFormat).
 */
export const environmentForm = (name: string): string => spellingOf(name).toUpperCase();

/** The environment names of all variables that are read. */
export const READ_FORMS: ReadonlySet<string> = new Set(
  [...READ_BY_TASKS, ...READ_BY_LIBRARY].map(environmentForm),
);
