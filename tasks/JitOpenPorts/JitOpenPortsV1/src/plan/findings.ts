import type { CodedError } from '../../../../shared/core/errors';
import type { Prefix } from '../../../../shared/core/prefixes';
import type { Policy } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { VmPlace } from './place';
import type { Planning, VmPlan } from './plan';

/** The sources to request access for, with the agent's address already determined. */
export type RequestSource = readonly Prefix[] | 'azure' | 'policy';

/** The outcome of something that can fail. */
export type Tried<T> =
  { readonly kind: 'found'; readonly value: T } | { readonly kind: 'failed'; readonly failure: CodedError };

/** What was found about one VM. */
export interface VmFindings {
  readonly vm: VmId;
  readonly policies: Tried<readonly Policy[]>;
  readonly place: Tried<VmPlace>;
  /** Absent if the policies are not known. */
  readonly planning: Tried<Planning> | undefined;
}

/** A VM, or one of its ports, that is not opened, with the reason. */
export interface NotOpened {
  readonly vm: VmId;
  /** Absent if the failure affects the whole VM. */
  readonly port: number | undefined;
  readonly failure: CodedError;
}

/** Everything that is known before anything is requested. */
export interface Findings {
  readonly source: Tried<RequestSource>;
  /** In the order of the inputs. */
  readonly vms: readonly VmFindings[];
  /** The plans of all VMs that are not left out, or the failure of a run before it requests anything. */
  readonly plans: Tried<readonly VmPlan[]>;
  /** The VMs that a run leaves out if it opens the others. */
  readonly leftOut: readonly NotOpened[];
}

/** Returns the places that are known, by the keys of their VMs. */
export const placesOf = ({ vms }: Findings): ReadonlyMap<string, VmPlace> =>
  new Map(vms.flatMap(({ vm, place }) => (place.kind === 'found' ? [[vm.key, place.value] as const] : [])));
