import type { PortRule } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmQuery } from '../../../../shared/core/vmQuery';
import type { RulePort } from './portRules';

/** The validated inputs of a run: no value can be invalid. */
export interface ConfigureInputs {
  /** Empty if there is a query. */
  readonly vms: readonly WantedVms[];
  readonly query: VmQuery | undefined;
  readonly action: (typeof ACTIONS)[number];
  /** If this and `removals` are empty, the rule follows from the operating system of each VM. */
  readonly rules: readonly PortRule[];
  readonly removals: readonly RulePort[];
  readonly mode: (typeof MODES)[number];
  /** Empty: the policy that lists the VM, or otherwise `default`. `{vm}` stands for the name of each VM. */
  readonly policyName: string;
  /** How many VMs patterns can match. */
  readonly maxVms: number;
  readonly dryRun: boolean;
  readonly waitTimeoutMs: number;
}

/** Returns the name of the policy for a VM; empty if the inputs name none. */
export const policyNameFor = ({ policyName }: Pick<ConfigureInputs, 'policyName'>, vm: VmId): string =>
  policyName.replace(PLACEHOLDER, () => vm.name);

export const ACTIONS = ['ensure', 'remove'] as const;
export const MODES = ['merge', 'exact'] as const;

/** Stands for the name of each VM in the name of its policy. */
export const PLACEHOLDER = /\{vm\}/gi;

/** All VMs of a resource group, or of a subscription. */
export interface VmPattern {
  /** The text of the input, such as `rg-app/*`. */
  readonly text: string;
  readonly subscriptionId: string;
  /** Absent for a whole subscription. */
  readonly resourceGroup: string | undefined;
}

/** One entry of `vmResourceId`. */
export type WantedVms =
  | { readonly vm: VmId; readonly pattern?: undefined }
  | { readonly vm?: undefined; readonly pattern: VmPattern };
