import type { AuditedRequest } from './report';

/** Azure DevOps numbers runs so, unless a pipeline says otherwise: the day, and a count. */
const USUAL_NUMBER = / \d{8}\.\d+$/;

/**
 * The project and the pipeline that a justification names, where it is as JitOpenPorts@1 writes it
 * (`Web Shop / deploy-web 20261120.3, requested for Ada Park, https://…`) and ends with the run that the report found in it,
 * which is of the same project. A number that is not the usual one cannot be told from the pipeline's name, and stays.
 * It is a claim of the run: Azure knows the application only.
 */
export function claimedPipeline({
  justification = '',
  runUrl = null,
}: Partial<Pick<AuditedRequest, 'justification' | 'runUrl'>>): string | undefined {
  if (runUrl === null || !justification.endsWith(`, ${runUrl}`)) return undefined;
  const [run = ''] = justification.slice(0, -runUrl.length - 2).split(', requested for ');
  const [project = '', ...rest] = run.split(' / ');
  const pipeline = rest.join(' / ');
  if (project !== projectOf(runUrl) || !pipeline.includes(' ')) return undefined;
  return `${project} / ${pipeline.replace(USUAL_NUMBER, '')}`;
}

/**
 * The project in the address of a run: `…/{organization}/{project}/_build/results`; nothing in another text, which an attached
 * document that no task wrote may have in its place.
 */
function projectOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { hostname, pathname } = new URL(address);
  const [, path = ''] = /^\/(.*)\/(?:_build\/results|_release|_releaseProgress)$/i.exec(pathname) ?? [];
  const parts = path.replace(/^DefaultCollection\//i, '').split('/');
  const ownParts = hostname.endsWith('.visualstudio.com') ? 0 : 1;
  const project = parts[ownParts];
  return project === undefined || parts.length > ownParts + 1 ? undefined : decoded(project);
}

/** Nothing for what is no UTF-8 text. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
