import type { AuditedRequest } from './report';

/** The default number of a run in Azure DevOps: the date, and a counter. */
const USUAL_NUMBER = / \d{8}\.\d+$/;

/**
 * Returns the project and the pipeline that a justification names. It must have the form that JitOpenPorts@1 writes
 * (`Web Shop / deploy-web 20261120.3, requested for Ada Park, https://…`), and end with the run that the report found
 * in it, in the same project. A number in another format cannot be distinguished from the pipeline's name, and stays.
 * The result is a claim of the run: Azure knows only the application.
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
 * Returns the project in the address of a run: `…/{organization}/{project}/_build/results`. Returns `undefined` for any
 * other text, which an attached document that no task wrote might contain.
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

/** Returns `undefined` if the part is not UTF-8 text. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
