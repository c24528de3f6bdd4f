import type { Prefix } from '../../../../shared/core/prefixes';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmQuery } from '../../../../shared/core/vmQuery';

/** The default first. */
export const WAITS = ['rule', 'nothing', 'request', 'connection'] as const;
export type WaitFor = (typeof WAITS)[number];

/** The default first. */
export const ON_PARTIAL = ['fail', 'continue'] as const;

/** The inputs as they were written: of the VMs, only what text alone tells. */
export type WrittenInputs = Omit<OpenPortsInputs, 'vms'> & { readonly vms: readonly VmId[] | VmQuery };

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface OpenPortsInputs {
  readonly vms: readonly VmId[];
  /** Whether the ports of the other VMs are opened when some VMs, or ports, cannot be. */
  readonly onPartial: (typeof ON_PARTIAL)[number];
  readonly ports: 'all' | readonly number[];
  readonly durationMs: number | 'max';
  readonly source: WantedSource;
  /** Empty: the run describes itself. */
  readonly justification: string;
  readonly waitFor: WaitFor;
  readonly waitTimeoutMs: number;
  readonly closeAtJobEnd: boolean;
  /** Ask together with other runs' active requests for the same port. */
  readonly share: boolean;
  readonly dryRun: boolean;
  /** Empty: the policies that list the VMs are searched. */
  readonly policyName: string;
  /** Empty: the services that this product knows. */
  readonly ipEchoUrls: readonly string[];
  /** Empty: the host that the outputs name. */
  readonly probeHost: string;
}

/** Where access is asked for: found out, left to Azure or the policy, or given. */
export type WantedSource = 'agent' | 'azure' | 'policy' | readonly Prefix[];
