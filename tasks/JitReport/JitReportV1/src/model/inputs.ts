import type { VmQuery } from '../../../../shared/core/vmQuery';
import type { Scope } from '../../../../shared/core/scopes';

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface ReportInputs {
  /** None lies in another. */
  readonly scopes: readonly Scope[];
  /** Those that lie in another, which are named all the same: each must exist. */
  readonly inner: readonly Scope[];
  /** Which VMs are meant, in the place of scopes; there are none then. */
  readonly query: VmQuery | undefined;
  /** How far back the audit looks: 1 to 90 days. */
  readonly days: number;
  /** To look at beside the management ports and those of the policies. */
  readonly ports: readonly number[];
  readonly failOn: (typeof FAIL_ON)[number];
  /** Empty: where the agent keeps what is to be published. */
  readonly outputFolder: string;
}

export const FAIL_ON = ['nothing', 'notConfigured', 'openToInternet', 'mayBeOpen'] as const;
