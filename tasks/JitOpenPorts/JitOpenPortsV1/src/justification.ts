import { parseOrganization } from '../../../shared/core/organization';
import type { VariableName } from '../../../shared/host/variables';

type ReadVariable = (name: VariableName) => string;

/**
 * Returns the justification that Azure stores with the request if the user gives no reason: project, pipeline, run, the
 * person who requested the run, and the URL of the run. The requestor is empty for service principals, so this
 * distinguishes one request from another.
 *
 * It is a claim: all of it except the organization comes from variables.
 *
 * @param variable returns the value of a pipeline variable, empty if it is not set
 * @param home the URL of the agent's own connection to Azure DevOps
 */
export function describeRun(variable: ReadVariable, home: string): string {
  const project = variable('System.TeamProject');
  const isRelease = variable('System.HostType').toLowerCase() === 'release';
  const pipeline = variable(isRelease ? 'Release.DefinitionName' : 'Build.DefinitionName');
  const number = variable(isRelease ? 'Release.ReleaseName' : 'Build.BuildNumber');
  const who = variable(isRelease ? 'Release.RequestedFor' : 'Build.RequestedFor');
  const run = [pipeline, number].filter(Boolean).join(' ');
  const parts = [
    [project, run].filter(Boolean).join(' / '),
    ...(who ? [`requested for ${who}`] : []),
    ...[runUrl(variable, isRelease, home)].filter(Boolean),
  ];
  return parts.filter(Boolean).join(', ');
}

function runUrl(variable: ReadVariable, isRelease: boolean, home: string): string {
  const organization = parseOrganization(home)?.url;
  const id = variable(isRelease ? 'Release.ReleaseId' : 'Build.BuildId');
  if (organization === undefined || !id) return '';
  const page = isRelease ? '_release?releaseId' : '_build/results?buildId';
  const project = encodeURIComponent(variable('System.TeamProject'));
  return `${organization}/${project}/${page}=${encodeURIComponent(id)}`;
}
