import type { MaybeOverIpv6 } from './access';
import type { Prefix } from '../../../../shared/core/prefixes';
import type { Policy } from '../../../../shared/core/policy';
import type { CodedError } from '../../../../shared/core/errors';
import type { OwnPort, ConcurrentRequest } from '../../../../shared/core/requests';
import type { AddressVerdict } from './flowVerdict';
import type { OtherSources } from './sharing';
import type { NotedPort } from './state';

/** The outcome of one port that this step opened, and what cannot be closed here. */
export type Closed = ClosingOutcome & Beside;

/** What was found in addition to the outcome. */
export interface Beside extends MaybeOverIpv6 {
  /** The IP flow verify results, if the rules alone do not decide and there are results. */
  readonly azure?: readonly AddressVerdict[] | undefined;
}

/**
 * What closing knows about the request itself. `shortened`: an earlier end was requested. `over`: it is no longer
 * active. `unseen`: nothing showed it. `kept`: it is active, but an earlier end would have changed nothing.
 */
export type RequestState = 'failed' | 'shortened' | 'over' | 'unseen' | 'kept';

type ClosingOutcome =
  | {
      readonly kind: 'closed';
      readonly opened: NotedPort;
      /** `verified`: the rules that were read back do not allow the source. */
      readonly how: 'verified' | 'neverOpened' | 'vmGone';
      /** What was requested on behalf of other runs, and stays open. */
      readonly kept?: OtherSources | undefined;
      /** Active requests of other runs, or on their behalf, that cover a part of the source. */
      readonly beside?: readonly ConcurrentRequest[];
    }
  /** It might still allow the source until this time, or with no end if a rule without a request does. */
  | {
      readonly kind: 'open';
      readonly opened: NotedPort;
      readonly until: number | undefined;
      /** Whether the rules that were read might allow it. Otherwise, it could not be verified that they do not. */
      readonly isAllowed: boolean;
      readonly why: string;
      /** What stays open, if it is not everything that this step opened for itself. */
      readonly sources?: readonly Prefix[];
      readonly kept?: OtherSources | undefined;
    };

/** A port to close, with what its policy says about it at present. */
export interface Closing {
  readonly opened: NotedPort;
  /** This step's own part of the sources. The sources of other runs must stay allowed. */
  readonly sources: readonly Prefix[];
  /** The policy after the end was requested. Absent if it could not be read. */
  readonly policy: Policy | undefined;
  /** All requests of this step, including those for a near end. */
  readonly own: readonly OwnPort[];
  /** The starts of the requests that closing made. Those that are not in `own` are for other runs. */
  readonly made: readonly string[];
  /**
   * The time on Azure's clock, in milliseconds since 1970, from which the rules should be closed. 0 means immediately.
   */
  readonly closedFrom: number;
  /** Whether Azure accepted an earlier end: one that is near, or that of another run's request for the same sources. */
  readonly isShortened: boolean;
  /** Why an earlier end could not be requested. */
  readonly trouble: CodedError | undefined;
  /** What was requested on behalf of other runs. */
  readonly kept: OtherSources | undefined;
  /** Whether other runs are allowed by the rule of this request, and by no other rule. */
  readonly isNeeded: boolean;
  /** Whether the policy lists the request. Absent if the policy could not be read. */
  readonly isListed: boolean | undefined;
  /**
   * Whether Azure granted the request, but neither the policy nor the list of its resource group showed it. It was not
   * ended.
   */
  readonly isUnseen: boolean;
  /** Whether the policy showed the request as `Initiated` before its end was requested. */
  readonly wasInitiated: boolean;
}
