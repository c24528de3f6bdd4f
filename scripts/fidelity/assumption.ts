import type { SwitchName } from '../../test/support/azure/switches';

/**
 * How well something is known of Azure. `spec`: the published definitions. `recorded`: a real call that is public. `doc`:
 * Microsoft's documentation. `reported`: somebody who ran it. `inferred`: concluded here, and not proven.
 */
export const MARKS = ['spec', 'recorded', 'doc', 'reported', 'inferred'] as const;
export type Mark = (typeof MARKS)[number];

/** The marks that do not suffice to decide anything: a run against the real Azure has to settle them. */
export const WEAK: readonly Mark[] = ['reported', 'inferred'];

/** Something that the code takes for true of Azure. */
export interface Assumption {
  /** Of the fact; findings and experiments have the same. */
  readonly id: string;
  readonly says: string;
  readonly marks: readonly Mark[];
  /** Where the marks come from, where that is a place that one can look at. */
  readonly source?: string;
  /** Where the code relies on it: a file below `tasks/`, and the name of what is declared in it, as `file#name`. */
  readonly where: readonly string[];
  /** What happens when it is not so. */
  readonly ifFalse: string;
  /** The settings of the simulation that stand for it. */
  readonly switches?: readonly SwitchName[];
  /** Why no experiment settles it; only for those with a weak mark and without an experiment. */
  readonly notTried?: string;
}

export const OPEN = 'JitOpenPorts/JitOpenPortsV1/src';
export const CONFIGURE = 'JitConfigurePolicy/JitConfigurePolicyV1/src';
export const REPORT = 'JitReport/JitReportV1/src';
