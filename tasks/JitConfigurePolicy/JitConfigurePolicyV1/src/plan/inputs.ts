import type { PortRule } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmQuery } from '../../../../shared/core/vmQuery';
import type { RulePort } from './portRules';

/** The inputs of a run, checked: nothing behind here is text that may be wrong. */
export interface ConfigureInputs {
  /** None where there is a query. */
  readonly vms: readonly WantedVms[];
  readonly query: VmQuery | undefined;
  readonly action: (typeof ACTIONS)[number];
  /** Without removals either, empty is what fits each VM's system. */
  readonly rules: readonly PortRule[];
  readonly removals: readonly RulePort[];
  readonly mode: (typeof MODES)[number];
  /** Empty: the policy that lists the VM, else `default`. `{vm}` in it is the name of each VM. */
  readonly policyName: string;
  /** How many VMs patterns may stand for. */
  readonly maxVms: number;
  readonly dryRun: boolean;
  readonly waitTimeoutMs: number;
}

/** The name of the policy that is meant for a VM; empty when none is named. */
export const policyNameFor = ({ policyName }: Pick<ConfigureInputs, 'policyName'>, vm: VmId): string =>
  policyName.replace(PLACEHOLDER, () => vm.name);

export const ACTIONS = ['ensure', 'remove'] as const;
export const MODES = ['merge', 'exact'] as const;

/** Stands for the name of each VM in the name of its policy. */
export const PLACEHOLDER = /\{vm\}/gi;

/** All VMs of a resource group, or of a subscription. */
export interface VmPattern {
  /** As it was written: `rg-app/*`. */
  readonly text: string;
  readonly subscriptionId: string;
  /** Absent for a whole subscription. */
  readonly resourceGroup: string | undefined;
}

/** One entry of `vmResourceId`. */
export type WantedVms =
  | { readonly vm: VmId; readonly pattern?: undefined }
  | { readonly vm?: undefined; readonly pattern: VmPattern };
