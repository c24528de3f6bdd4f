import type { MayBeOpenPort, PermanentPort, VmReport } from './report';

/** The orders of the lists in a report: what needs attention is never beyond the end of a list that is cut. */

/** Compares VMs: those that need attention come first. */
export const byAttention = (one: VmReport, other: VmReport): number => attention(other) - attention(one);

/** Compares ports that rules leave open: the most dangerous come first. */
export const byDanger = (one: PermanentPort, other: PermanentPort): number => danger(other) - danger(one);

/** Compares ports that might be open: the most dangerous come first. */
export const byDoubt = (one: MayBeOpenPort, other: MayBeOpenPort): number =>
  doubtDanger(other) - doubtDanger(one);

const attention = ({ recommended, state, exposure }: VmReport): number =>
  (exposure === 'unfiltered' ? 20 : recommended ? 15 : exposure === 'open' ? 10 : 0) +
  (exposure === 'mayBeOpen' ? 5 : exposure === 'unknown' ? 3 : 0) +
  { unknown: 3, notConfigured: 2, unsupported: 1, configured: 0 }[state];

/** Ports of addresses that nothing filters come first. */
const doubtDanger = (doubt: MayBeOpenPort): number =>
  danger(doubt) + (doubt.reason === 'noSecurityGroup' ? 8 : 0);

const danger = ({
  reach,
  management,
  publicShare,
}: Pick<PermanentPort, 'reach' | 'management' | 'publicShare'>): number =>
  DANGER[reach] + publicShare + (management ? 1 : 0);

const DANGER = { anyAddress: 4, internet: 2, private: 0 } as const;
