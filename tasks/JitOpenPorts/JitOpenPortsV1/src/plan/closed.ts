import type { MaybeOverIpv6 } from './access';
import type { Prefix } from '../../../../shared/core/prefixes';
import type { Policy } from '../../../../shared/core/policy';
import type { CodedError } from '../../../../shared/core/errors';
import type { OwnPort, ConcurrentRequest } from '../../../../shared/core/requests';
import type { AddressVerdict } from './flowVerdict';
import type { OtherSources } from './sharing';
import type { NotedPort } from './state';

/** What became of one port that this step had opened, and what nobody can close here. */
export type Closed = ClosingOutcome & Beside;

/** What was seen beside the outcome. */
export interface Beside extends MaybeOverIpv6 {
  /** Azure's own verdict, where the rules alone do not decide, and it was to be had. */
  readonly azure?: readonly AddressVerdict[] | undefined;
}

type ClosingOutcome =
  | {
      readonly kind: 'closed';
      readonly opened: NotedPort;
      /** `shut`: the rules, read back, do not allow the source. */
      readonly how: 'shut' | 'neverOpened' | 'vmGone';
      /** What was requested on behalf of other runs, and stays open. */
      readonly kept?: OtherSources | undefined;
      /** Active requests of or for other runs that hold a part of the source. */
      readonly beside?: readonly ConcurrentRequest[];
    }
  /** It may still allow the source, until this time, or for good when a rule without a request does. */
  | {
      readonly kind: 'open';
      readonly opened: NotedPort;
      readonly until: number | undefined;
      /** Whether the rules that were read may allow it. Otherwise, it only could not be verified that they do not. */
      readonly isAllowed: boolean;
      readonly why: string;
      /** What stays open, where it is not all that this step opened for itself. */
      readonly sources?: readonly Prefix[];
      readonly kept?: OtherSources | undefined;
    };

/** A port to close, with what its policy says of it now. */
export interface Closing {
  readonly opened: NotedPort;
  /** This step's own part of the sources: others' are not to be shut out. */
  readonly sources: readonly Prefix[];
  /** The policy after the end was requested; absent when it could not be read. */
  readonly policy: Policy | undefined;
  /** All requests of this step under the policy, with those for a near end. */
  readonly own: readonly OwnPort[];
  /** The starts of the requests that closing has made: those that are not among its own are for other runs. */
  readonly made: readonly string[];
  /** Azure's clock, milliseconds since 1970, from when on the rules should be shut; 0 is now. */
  readonly shutFrom: number;
  /** Why requesting an earlier end was not possible. */
  readonly trouble: CodedError | undefined;
  /** What was requested on behalf of other runs. */
  readonly kept: OtherSources | undefined;
  /** Whether other runs get in by the rule of this request, and by no other one. */
  readonly isNeeded: boolean;
  /** Whether the policy lists the request; absent when the policy could not be read. */
  readonly isListed: boolean | undefined;
  /** A request that Azure has granted, and that neither the policy nor the list of its group showed: it was not ended. */
  readonly isUnseen: boolean;
}
