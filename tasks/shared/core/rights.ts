import type { CodedError, ForbiddenError } from './errors';

/** What a right is needed for. */
export type Purpose =
  | 'findPolicy'
  | 'request'
  | 'requestForVm'
  | 'readVmToAsk'
  | 'readVm'
  | 'readNic'
  | 'readPublicAddress'
  | 'readSubnet'
  | 'readRules'
  | 'readVnet'
  | 'readAdminRules'
  | 'listWatchers'
  | 'verifyFlow'
  | 'readVerdict'
  | 'deleteRule'
  | 'writePolicy'
  | 'deletePolicy'
  | 'writePolicyForVm';

/** A right that a run needs, or might need. */
export interface NeededRight {
  readonly action: string;
  /** The ARM ID of the resource, or of its group if the resource is unknown or does not exist yet. */
  readonly scope: string;
  readonly purpose: Purpose;
  /** Whether a call of this dry run used the right, or how Azure refused it. Otherwise, Azure is queried for it. */
  readonly shown?: 'used' | ForbiddenError | undefined;
}

/** `granted`: a role grants it, which is no proof. `unknown`: Azure did not report it. */
export type RightState = 'used' | 'granted' | 'missing' | 'unknown';

/** A right that a run needs, and what is known about it. */
export interface CheckedRight {
  readonly right: NeededRight;
  readonly state: RightState;
  readonly trouble?: CodedError;
}
