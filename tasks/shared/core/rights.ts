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

/** A right that a run needs, or may need. */
export interface NeededRight {
  readonly action: string;
  /** The ARM id of the resource, or of its group while the resource is not known or not there yet. */
  readonly scope: string;
  readonly purpose: Purpose;
  /** Whether a call of this dry run showed that it is there, or how Azure refused it. Otherwise Azure is asked. */
  readonly shown?: 'used' | ForbiddenError | undefined;
}

/** `granted`: a role gives it, which is no proof. `unknown`: Azure did not tell. */
export type RightState = 'used' | 'granted' | 'missing' | 'unknown';

/** A right that a run needs, and what is known of it. */
export interface CheckedRight {
  readonly right: NeededRight;
  readonly state: RightState;
  readonly trouble?: CodedError;
}
