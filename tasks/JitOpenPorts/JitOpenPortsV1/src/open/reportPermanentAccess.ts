import { openOverIpv6, permanentAccess, permanentForEverybody, type SourcePort } from '../messages/waiting';
import type { Log } from '../../../../shared/core/log';
import type { PermanentAccess } from '../../../../shared/core/nsg/judge';
import type { Waited } from '../plan/access';

/** Says what allows somebody without just-in-time access: the source, and the internet over IPv6. */
export function logPermanentAccess(log: Log, sourcePort: SourcePort, waited: Waited): void {
  if ('permanent' in waited && waited.permanent) logForSource(log, sourcePort, waited.permanent);
  if ('overIpv6' in waited && waited.overIpv6) log.warning(openOverIpv6(sourcePort, waited.overIpv6));
}

/** Says that rules allow the source without just-in-time access; loudly when they allow everybody. */
function logForSource(log: Log, sourcePort: SourcePort, found: PermanentAccess): void {
  if (found.everybody) log.warning(permanentForEverybody(sourcePort, found));
  else log.line(permanentAccess(sourcePort, found));
}
