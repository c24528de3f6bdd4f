import type { SwitchName } from '../../test/support/azure/switches';

/**
 * How well a fact about Azure is known. `spec`: the published definitions. `recorded`: a real call that is public.
 * `doc`: Microsoft's documentation. `reported`: someone who ran it. `inferred`: concluded in this project, and not
 * proven.
 */
export const MARKS = ['spec', 'recorded', 'doc', 'reported', 'inferred'] as const;
export type Mark = (typeof MARKS)[number];

/** The marks that are not sufficient: a run against the real Azure must confirm them. */
export const WEAK: readonly Mark[] = ['reported', 'inferred'];

/** A fact about Azure that the code assumes. */
export interface Assumption {
  /** The ID of the fact, which its findings and experiments share. */
  readonly id: string;
  readonly says: string;
  readonly marks: readonly Mark[];
  /** The source of the marks, if it is public. */
  readonly source?: string;
  /** The code that relies on it, as `file#name`: a file below `tasks/`, and the name of a declaration in it. */
  readonly where: readonly string[];
  /** The effect if it is false. */
  readonly ifFalse: string;
  /** The settings of the simulation that represent it. */
  readonly switches?: readonly SwitchName[];
  /** Why no experiment confirms it. Only for assumptions with a weak mark and without an experiment. */
  readonly notTried?: string;
}

export const OPEN = 'JitOpenPorts/JitOpenPortsV1/src';
export const CONFIGURE = 'JitConfigurePolicy/JitConfigurePolicyV1/src';
export const REPORT = 'JitReport/JitReportV1/src';
