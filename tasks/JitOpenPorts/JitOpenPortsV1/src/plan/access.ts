import type { OpenOverIpv6 } from './overIpv6';
import type { Prefix } from '../../../../shared/core/prefixes';
import type { Policy, RequestStatus, RuleProtocol } from '../../../../shared/core/policy';
import type { VmId } from '../../../../shared/core/resourceIds';
import type { OtherSources } from './sharing';
import type { CodedError } from '../../../../shared/core/errors';
import type { PermanentAccess } from '../../../../shared/core/nsg/judge';

/** One port of one VM that was granted, as Azure granted it. */
export interface Access {
  readonly vm: VmId;
  readonly policy: Policy;
  readonly port: number;
  /** Of the entry of the policy that the request was planned by. */
  readonly protocol: RuleProtocol;
  /** What this run needs and waits for: the sources it asked for itself, or those that Azure took. */
  readonly wantedSources: readonly Prefix[];
  /** Until when this run needs it: milliseconds since 1970 on Azure's clock, as `endsAt`. */
  readonly wantedUntil: number;
  /** What Azure granted: addresses, CIDRs and `*`, and no other text that it may have named. */
  readonly sources: readonly Prefix[];
  readonly endsAt: number;
  readonly status: RequestStatus;
  /** The start of the request it belongs to. */
  readonly startedAt: string;
  /** True when the request is an earlier one. */
  readonly reused: boolean;
  /** The part of the sources that was asked for on behalf of other runs. */
  readonly others: OtherSources | undefined;
  /** Where to connect behind Azure Firewall. */
  readonly firewall?: { readonly host: string; readonly port: number };
}

/**
 * How a wait ended. `requested`: nothing was awaited. `initiated`: Azure says so, the rules were not read.
 * `open`: the rules allow the source, Azure's own verdict does where they leave it open, or the port answered.
 */
export type Waited =
  | { readonly status: 'requested' | 'initiated' }
  | ({ readonly status: 'open'; readonly permanent: PermanentAccess | undefined } & MaybeOverIpv6)
  | ({
      readonly status: 'failed';
      readonly error: CodedError;
      readonly permanent?: PermanentAccess | undefined;
    } & MaybeOverIpv6);

/** What allows the internet over IPv6, where the rules were read and do so. */
export interface MaybeOverIpv6 {
  readonly overIpv6?: OpenOverIpv6 | undefined;
}

export interface WaitedAccess {
  readonly access: Access;
  readonly waited: Waited;
  /** Milliseconds. */
  readonly waitedMs: number;
}
