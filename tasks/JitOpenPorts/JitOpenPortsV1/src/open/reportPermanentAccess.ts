import { openOverIpv6, standing, standingForEverybody, type StandingWay } from '../messages/waiting';
import type { Log } from '../../../../shared/core/log';
import type { Standing } from '../../../../shared/core/nsg/judge';
import type { Waited } from '../plan/access';

/** Says what lets in without just-in-time access: the source, and the internet over IPv6. */
export function tellPermanent(log: Log, way: StandingWay, waited: Waited): void {
  if ('standing' in waited && waited.standing) tellStanding(log, way, waited.standing);
  if ('overIpv6' in waited && waited.overIpv6) log.warning(openOverIpv6(way, waited.overIpv6));
}

/** Says that rules let the source in without just-in-time access; loudly when they let everybody in. */
function tellStanding(log: Log, way: StandingWay, found: Standing): void {
  if (found.everybody) log.warning(standingForEverybody(way, found));
  else log.line(standing(way, found));
}
