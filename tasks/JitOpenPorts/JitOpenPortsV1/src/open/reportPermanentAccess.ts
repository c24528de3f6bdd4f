import { standing, standingForEverybody, type StandingWay } from '../messages/waiting';
import type { Log } from '../../../../shared/core/log';
import type { Standing } from '../../../../shared/core/nsg/judge';

/** Says that rules let the source in without just-in-time access; loudly when they let everybody in. */
export function tellStanding(log: Log, way: StandingWay, found: Standing): void {
  if (found.everybody) log.warning(standingForEverybody(way, found));
  else log.line(standing(way, found));
}
