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
  /** The protocol of the policy's entry from which the request was planned. */
  readonly protocol: RuleProtocol;
  /** What this run needs and waits for: the sources that it requested itself, or those that Azure chose. */
  readonly wantedSources: readonly Prefix[];
  /** Until when this run needs it, in milliseconds since 1970 on Azure's clock, like `endsAt`. */
  readonly wantedUntil: number;
  /** What Azure granted: addresses, CIDRs, and `*`, without any other text that it might have returned. */
  readonly sources: readonly Prefix[];
  readonly endsAt: number;
  readonly status: RequestStatus;
  /** The start of the request to which it belongs. */
  readonly startedAt: string;
  /** Whether the request is an earlier one. */
  readonly reused: boolean;
  /** The part of the sources that was requested on behalf of other runs. */
  readonly others: OtherSources | undefined;
  /** Where to connect if the VM is behind Azure Firewall. */
  readonly firewall?: { readonly host: string; readonly port: number };
}

/**
 * How a wait ended. `requested`: nothing was waited for. `initiated`: Azure reports it, and the rules were not read.
 * `open`: the rules allow the source, IP flow verify does where the rules leave it undecided, or the port answered.
 */
export type Waited =
  | { readonly status: 'requested' | 'initiated' }
  | ({ readonly status: 'open'; readonly permanent: PermanentAccess | undefined } & MaybeOverIpv6)
  | ({
      readonly status: 'failed';
      readonly error: CodedError;
      readonly permanent?: PermanentAccess | undefined;
    } & MaybeOverIpv6);

/** What allows the internet over IPv6, if the rules were read and something does. */
export interface MaybeOverIpv6 {
  readonly overIpv6?: OpenOverIpv6 | undefined;
}

export interface WaitedAccess {
  readonly access: Access;
  readonly waited: Waited;
  readonly waitedMs: number;
}
