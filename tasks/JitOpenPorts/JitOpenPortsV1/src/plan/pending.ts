import type { MaybeOverIpv6, Access, Waited } from './access';
import type { Blocker } from '../../../../shared/core/nsg/verdict';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import type { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import type { PermanentAccess } from '../../../../shared/core/nsg/judge';
import type { AddressVerdict } from './flowVerdict';
import type { Endpoint, VmPlace } from './place';
import type { PrivateHost } from './privateHost';

/** What to wait for. `connection` includes `rule`. */
export type Goal = 'request' | 'rule' | 'connection';

export interface Wait {
  readonly goal: Goal;
  /** By the key of the VM. */
  readonly places: ReadonlyMap<string, VmPlace>;
  /**
   * The hosts that the sources might not be able to reach, by the key of the VM. Read during the wait, and known at its
   * end.
   */
  readonly privateHosts: Promise<ReadonlyMap<string, PrivateHost>>;
  /** Returns where to try a connection, or `undefined` if no address is known. */
  readonly probeAt: (access: Access) => Endpoint | undefined;
  readonly timeoutMs: number;
  /**
   * Called if a request was revoked during the wait. Returns the access to continue with, or throws a `CodedError` that
   * ends the wait for it.
   */
  readonly onSuperseded: (
    access: Access,
    own: RequestedPort,
    policy: Policy,
    limit: Limit,
  ) => Promise<Access>;
  /** Called if Azure refuses to return the rules. */
  readonly onUnreadable: (missing: RefusedError) => void;
  /** Called after a round with the accesses whose requests have no rule yet. */
  readonly onWithoutRule: (accesses: readonly Access[]) => void;
  /** Called after each round with the ports that are still awaited, and the time waited so far in milliseconds. */
  readonly onRound: (pending: readonly Pending[], waitedMs: number) => void;
}

/** A port that is not open yet, with the reason as far as it is known. */
export interface Pending extends MaybeOverIpv6 {
  /** Its index among the accesses to wait for. */
  readonly index: number;
  readonly access: Access;
  /** What the last complete check of the rules found. */
  readonly blockers: readonly Blocker[] | undefined;
  readonly request: RequestedPort | undefined;
  /** False if Azure refuses to return the rules: then only the request can be read. */
  readonly readable: boolean;
  /** Whether the last complete check found no rule that looks like the one of the request. */
  readonly isWithoutRule?: boolean;
  /** Whether the rules allow the source and only the connection is missing. */
  readonly admitted: boolean;
  /** Where the last connection was tried, or the one before if the last was cut short. Absent if none was, because no address is known. */
  readonly tried?: TriedEndpoint | undefined;
  /** The rules that always allow the source, if the last check of the rules found any. */
  readonly permanent: PermanentAccess | undefined;
  /**
   * Whether only the rules of NSGs are known to allow the source, because the security admin rules could not be read.
   */
  readonly adminRulesUnread?: boolean;
  /** The IP flow verify results, if the last check of the rules left something undecided and there are results. */
  readonly azure?: readonly AddressVerdict[] | undefined;
  /** Why the last check was not complete. */
  readonly trouble: CodedError | undefined;
  /** For a port that was open and no longer is: after how many milliseconds it was found open. */
  readonly openedAfterMs?: number;
}

/** Where a connection was tried without an answer. */
export interface TriedEndpoint extends Endpoint {
  /** Whether the host has an address, according to name servers. */
  readonly isResolved: boolean;
}

/** A check that found nothing. */
export const NOTHING_SEEN = {
  blockers: undefined,
  request: undefined,
  admitted: false,
  permanent: undefined,
  trouble: undefined,
};

/** A port whose wait is over. */
export type Ended = Pick<Pending, 'index' | 'access'> & { readonly waited: Waited };
export type Seen = Pending | Ended;

export const end = ({ index, access }: Pending, waited: Waited): Ended => ({ index, access, waited });

export const fail = (pending: Pending, error: CodedError): Ended =>
  end(pending, { status: 'failed', error, permanent: pending.permanent, overIpv6: pending.overIpv6 });
