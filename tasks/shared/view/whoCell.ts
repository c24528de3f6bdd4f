import { APPLICATION, requestorNote } from './messages/open';
import type { AuditedRequest, Requestor } from './report';
import { cell, type Cell } from './table';
import { claimedPipeline } from './claimedPipeline';

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A requestor, with what the request says about itself. */
export type NamedRequestor = Requestor & Partial<Pick<AuditedRequest, 'justification' | 'runUrl'>>;

/**
 * Returns who requested access, by name, with the ID in small below it. Only programs have an ID in place of a name.
 * They are shown as the pipeline that the justification names, which is marked as a claim, or otherwise as an
 * application.
 */
export function whoCell(requestor: NamedRequestor): Cell {
  const { who, whoId, whoLikely } = requestor;
  if (who === null) return cell(null);
  if (!GUID.test(who)) return named(who, requestorNote(whoId, whoLikely));
  const pipeline = claimedPipeline(requestor);
  return named(pipeline ?? APPLICATION, requestorNote(who, whoLikely, pipeline !== undefined));
}

const named = (name: string, note: string): Cell => cell(name, note === '' ? {} : { note });
