import type { MayBeOpenPort, PermanentPort, VmReport } from './report';

/** The orders in which a report lists things: what needs attention is never beyond the end of a list that is cut. */

/** VMs that need attention first. */
export const byAttention = (one: VmReport, other: VmReport): number => attention(other) - attention(one);

/** Ports that rules leave open, the most dangerous first. */
export const byDanger = (one: PermanentPort, other: PermanentPort): number => danger(other) - danger(one);

/** Ports that may be open, the most dangerous first. */
export const byDoubt = (one: MayBeOpenPort, other: MayBeOpenPort): number =>
  doubtDanger(other) - doubtDanger(one);

const attention = ({ recommended, state, exposure }: VmReport): number =>
  (exposure === 'unfiltered' ? 20 : recommended ? 15 : exposure === 'open' ? 10 : 0) +
  (exposure === 'mayBeOpen' ? 5 : exposure === 'unknown' ? 3 : 0) +
  { unknown: 3, notConfigured: 2, unsupported: 1, configured: 0 }[state];

/** What nothing filters comes first. */
const doubtDanger = (doubt: MayBeOpenPort): number =>
  danger(doubt) + (doubt.reason === 'noSecurityGroup' ? 8 : 0);

const danger = ({
  reach,
  management,
  publicShare,
}: Pick<PermanentPort, 'reach' | 'management' | 'publicShare'>): number =>
  DANGER[reach] + publicShare + (management ? 1 : 0);

const DANGER = { anyAddress: 4, internet: 2, private: 0 } as const;
