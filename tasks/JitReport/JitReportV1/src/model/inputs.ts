import type { VmQuery } from '../../../../shared/core/vmQuery';
import type { Scope } from '../../../../shared/core/scopes';

/** The validated inputs of a run: no value can be invalid. */
export interface ReportInputs {
  /** No scope is inside another one. */
  readonly scopes: readonly Scope[];
  /** The scopes that are inside another one. Each of them must exist. */
  readonly inner: readonly Scope[];
  /** Selects the VMs instead of `scopes`, which is then empty. */
  readonly query: VmQuery | undefined;
  /** How many days the audit covers: 1 to 90. */
  readonly days: number;
  /** Ports to check in addition to the management ports and those of the policies. */
  readonly ports: readonly number[];
  readonly failOn: (typeof FAIL_ON)[number];
  /** Empty: the agent's folder for artifacts. */
  readonly outputFolder: string;
}

export const FAIL_ON = ['nothing', 'notConfigured', 'openToInternet', 'mayBeOpen'] as const;
