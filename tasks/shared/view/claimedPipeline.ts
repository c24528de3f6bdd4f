import type { AuditedRequest } from './report';

/**
 * The project and the pipeline that a justification names, where it is as JitOpenPorts@1 writes it
 * (`Web Shop / deploy-web 20261120.3, requested for Ada Park, https://…`) and ends with the run that the report found in it,
 * which is of the same project. It is a claim of the run: Azure knows the application only.
 */
export function claimedPipeline({
  justification = '',
  runUrl = null,
}: Partial<Pick<AuditedRequest, 'justification' | 'runUrl'>>): string | undefined {
  if (runUrl === null || !justification.endsWith(`, ${runUrl}`)) return undefined;
  const [run = ''] = justification.slice(0, -runUrl.length - 2).split(', requested for ');
  const [project = '', ...rest] = run.split(' / ');
  // The number of a run is the last word.
  const pipeline = rest.join(' / ').replace(/ \S+$/, '');
  return project !== '' && pipeline !== '' && pipeline !== rest.join(' / ') && isIn(project, runUrl)
    ? `${project} / ${pipeline}`
    : undefined;
}

/** Whether the address has the project as a part of its path. */
const isIn = (project: string, address: string): boolean =>
  URL.canParse(address) && new URL(address).pathname.split('/').includes(encodeURIComponent(project));
