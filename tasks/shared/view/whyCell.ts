import type { AuditedRequest, ActiveRequest } from './report';
import { linkTarget } from './linkTarget';
import { cell, type Cell } from './table';

/** Returns the justification. The run at its end is a link below it instead. */
export function whyCell({
  justification,
  runUrl,
}: Pick<AuditedRequest | ActiveRequest, 'justification' | 'runUrl'>): Cell {
  const link = linkTarget(runUrl);
  if (link === undefined || runUrl === null) return cell(justification);
  const words = justification.endsWith(runUrl) ? justification.slice(0, -runUrl.length) : justification;
  return cell(words.replace(/[\s,]+$/, ''), { link });
}
