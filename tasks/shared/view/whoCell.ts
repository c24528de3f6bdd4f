import { APPLICATION, requestorNote } from './messages/open';
import type { Requestor } from './report';
import { cell, type Cell } from './table';

const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Who asked, by name, with the id small below it. Only programs have an id in the place of a name. */
export function whoCell({ who, whoId, whoLikely }: Requestor): Cell {
  if (who === null) return cell(null);
  const [name, id] = GUID.test(who) ? [APPLICATION, who] : [who, whoId];
  const note = requestorNote(id, whoLikely);
  return cell(name, note === '' ? {} : { note });
}
