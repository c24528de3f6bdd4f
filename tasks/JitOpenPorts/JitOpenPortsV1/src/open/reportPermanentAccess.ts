import { logEach, warnEach, type Log } from '../../../../shared/core/log';
import {
  morePermanent,
  openOverIpv6,
  permanentAccess,
  permanentForEverybody,
  permanentMany,
} from '../messages/waiting';
import type { WaitedAccess } from '../plan/access';

/**
 * Says what allows somebody without just-in-time access: the source, loudly when it is everybody, and the internet over
 * IPv6.
 */
export function logPermanentAccess(log: Log, found: readonly WaitedAccess[]): void {
  const lines: string[] = [];
  const warnings: string[] = [];
  for (const { access, waited } of found) {
    const permanent = 'permanent' in waited ? waited.permanent : undefined;
    if (permanent?.everybody) warnings.push(permanentForEverybody(access, permanent));
    else if (permanent) lines.push(permanentAccess(access, permanent));
    if ('overIpv6' in waited && waited.overIpv6) warnings.push(openOverIpv6(access, waited.overIpv6));
  }
  logEach(log, permanentMany(lines.length), lines);
  warnEach(log, warnings, morePermanent);
}
