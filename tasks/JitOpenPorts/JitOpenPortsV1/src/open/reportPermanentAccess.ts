import { logEach, warnEach, type OfVm } from '../../../../shared/core/crowd';
import type { Log } from '../../../../shared/core/log';
import {
  morePermanent,
  openOverIpv6,
  permanentAccess,
  permanentForEveryAddress,
  permanentMany,
} from '../messages/waiting';
import type { WaitedAccess } from '../plan/access';

type Said = OfVm & { readonly text: string };

/**
 * Reports what is allowed without just-in-time access: the source, with a warning if everyone is allowed, and the
 * internet over IPv6.
 */
export function logPermanentAccess(log: Log, found: readonly WaitedAccess[]): void {
  const lines: Said[] = [];
  const warnings: Said[] = [];
  for (const { access, waited } of found) {
    const { vm } = access;
    const permanent = 'permanent' in waited ? waited.permanent : undefined;
    if (permanent?.everyAddress) warnings.push({ vm, text: permanentForEveryAddress(access, permanent) });
    else if (permanent) lines.push({ vm, text: permanentAccess(access, permanent) });
    if ('overIpv6' in waited && waited.overIpv6)
      warnings.push({ vm, text: openOverIpv6(access, waited.overIpv6) });
  }
  logEach(log, permanentMany(lines.length), lines, ({ text }) => text);
  warnEach(log, warnings, ({ text }) => text, morePermanent);
}
