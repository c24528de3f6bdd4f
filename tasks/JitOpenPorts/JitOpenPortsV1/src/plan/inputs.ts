import type { VmId } from '../../../../shared/core/resourceIds';
import type { WantedSource, WaitFor } from '../inputs';

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface OpenPortsInputs {
  readonly vms: readonly VmId[];
  readonly ports: 'all' | readonly number[];
  readonly durationMs: number | 'max';
  readonly source: WantedSource;
  /** Empty: the run describes itself. */
  readonly justification: string;
  readonly waitFor: WaitFor;
  readonly waitTimeoutMs: number;
  readonly closeAtJobEnd: boolean;
  /** Ask together with other runs' live requests for the same port. */
  readonly share: boolean;
  readonly dryRun: boolean;
  /** Empty: the policies that list the VMs are searched. */
  readonly policyName: string;
  /** Empty: the services that this product knows. */
  readonly ipEchoUrls: readonly string[];
  /** Empty: the host that the outputs name. */
  readonly probeHost: string;
}
