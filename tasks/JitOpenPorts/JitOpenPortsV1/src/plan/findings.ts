import type { CodedError } from '../../../../shared/core/errors';
import type { Prefix } from '../../../../shared/core/prefixes';
import type { Policy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmPlace } from './place';
import type { Planning, VmPlan } from './plan';

/** Where access is requested for, found out where it has to be. */
export type RequestSource = readonly Prefix[] | 'azure' | 'policy';

/** What came of something that was tried. */
export type Tried<T> =
  { readonly kind: 'found'; readonly value: T } | { readonly kind: 'failed'; readonly failure: CodedError };

/** What was found about one VM. */
export interface VmFindings {
  readonly vm: VmId;
  readonly policies: Tried<readonly Policy[]>;
  readonly place: Tried<VmPlace>;
  /** Absent when the policies are not known. */
  readonly planning: Tried<Planning> | undefined;
}

/** A VM, or a port of one, that is not opened, and why. */
export interface NotOpened {
  readonly vm: VmId;
  /** Absent when it is about the VM as a whole. */
  readonly port: number | undefined;
  readonly failure: CodedError;
}

/** All that is known before anything is requested. */
export interface Findings {
  readonly source: Tried<RequestSource>;
  /** In the order of the inputs. */
  readonly vms: readonly VmFindings[];
  /** The plans of all VMs that are not left out, or what a run fails with before it requests anything. */
  readonly plans: Tried<readonly VmPlan[]>;
  /** The VMs that a run leaves out when it is to open the others. */
  readonly leftOut: readonly NotOpened[];
}

/** The VMs whose place is known, by their keys. */
export const placesOf = ({ vms }: Findings): ReadonlyMap<string, VmPlace> =>
  new Map(vms.flatMap(({ vm, place }) => (place.kind === 'found' ? [[vm.key, place.value] as const] : [])));
