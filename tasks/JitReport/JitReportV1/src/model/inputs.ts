import type { Scope } from '../../../../shared/core/scopes';

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface ReportInputs {
  /** At least one; none lies in another. */
  readonly scopes: readonly Scope[];
  /** Those that lie in another, which are named all the same: each must exist. */
  readonly inner: readonly Scope[];
  /** How far back the audit looks: 1 to 90 days. */
  readonly days: number;
  /** To look at beside the management ports and those of the policies. */
  readonly ports: readonly number[];
  readonly failOn: (typeof FAIL_ON)[number];
  /** Empty: where the agent keeps what is to be published. */
  readonly outputFolder: string;
}

export const FAIL_ON = ['nothing', 'notConfigured', 'openToInternet', 'mayBeOpen'] as const;
