import type { Prefix } from '../../../../shared/core/prefixes';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmQuery } from '../../../../shared/core/vmQuery';

/** The default comes first. */
export const WAITS = ['rule', 'nothing', 'request', 'connection'] as const;
export type WaitFor = (typeof WAITS)[number];

/** The default comes first. */
export const ON_PARTIAL = ['fail', 'continue'] as const;

/** The inputs as written: of the VMs, only what the text itself shows. */
export type WrittenInputs = Omit<OpenPortsInputs, 'vms'> & { readonly vms: readonly VmId[] | VmQuery };

/** The checked inputs of a run: nothing after this point is text that might be invalid. */
export interface OpenPortsInputs {
  readonly vms: readonly VmId[];
  /** Whether the ports of the other VMs are opened if some VMs or ports cannot be. */
  readonly onPartial: (typeof ON_PARTIAL)[number];
  readonly ports: 'all' | readonly number[];
  readonly durationMs: number | 'max';
  readonly source: WantedSource;
  /** If empty, the run describes itself. */
  readonly justification: string;
  readonly waitFor: WaitFor;
  readonly waitTimeoutMs: number;
  readonly closeAtJobEnd: boolean;
  /** Whether to also request the sources of other runs' active requests for the same port. */
  readonly share: boolean;
  readonly dryRun: boolean;
  /** If empty, the policies that list the VMs are used. */
  readonly policyName: string;
  /** If empty, the built-in services are used. */
  readonly ipEchoUrls: readonly string[];
  /** If empty, the host in the outputs is used. */
  readonly probeHost: string;
}

/** The sources to request access for: determined by the task, left to Azure or the policy, or given. */
export type WantedSource = 'agent' | 'azure' | 'policy' | readonly Prefix[];
