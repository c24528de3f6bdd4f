import type { VariableName } from '../../../shared/host/variables';

type ReadVariable = (name: VariableName) => string;

/**
 * What Azure keeps with the request when the user gives no reason: project, pipeline, run, who asked for it, and
 * the run's URL. The requestor is empty for service principals, so this is how a request is told from another.
 *
 * @param variable gives a pipeline variable's value, empty when it is not set
 */
export function describeRun(variable: ReadVariable): string {
  const project = variable('System.TeamProject');
  const isRelease = variable('System.HostType').toLowerCase() === 'release';
  const pipeline = variable(isRelease ? 'Release.DefinitionName' : 'Build.DefinitionName');
  const number = variable(isRelease ? 'Release.ReleaseName' : 'Build.BuildNumber');
  const who = variable(isRelease ? 'Release.RequestedFor' : 'Build.RequestedFor');
  const run = [pipeline, number].filter(Boolean).join(' ');
  const parts = [
    [project, run].filter(Boolean).join(' / '),
    ...(who ? [`requested for ${who}`] : []),
    ...[runUrl(variable, isRelease)].filter(Boolean),
  ];
  return parts.filter(Boolean).join(', ');
}

function runUrl(variable: ReadVariable, isRelease: boolean): string {
  if (isRelease) return variable('Release.ReleaseWebURL');
  const collection = variable('System.CollectionUri').replace(/\/+$/, '');
  const id = variable('Build.BuildId');
  if (!collection || !id) return '';
  return `${collection}/${encodeURIComponent(variable('System.TeamProject'))}/_build/results?buildId=${id}`;
}
