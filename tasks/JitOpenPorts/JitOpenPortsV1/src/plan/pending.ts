import type { MaybeOverIpv6, Access, Waited } from './access';
import type { Blocker } from '../../../../shared/core/nsg/verdict';
import type { Policy, RequestedPort } from '../../../../shared/core/policy';
import type { CodedError, RefusedError } from '../../../../shared/core/errors';
import type { Limit } from '../../../../shared/core/limits';
import type { PermanentAccess } from '../../../../shared/core/nsg/judge';
import type { AddressVerdict } from './flowVerdict';
import type { VmPlace } from './place';
import type { PrivateHost } from './privateHost';

/** What is awaited. `connection` includes `rule`. */
export type Goal = 'request' | 'rule' | 'connection';

export interface Wait {
  readonly goal: Goal;
  /** By the VM's key. */
  readonly places: ReadonlyMap<string, VmPlace>;
  /** The hosts that the sources may not reach, by the VM's key. Read meanwhile, and known when the time is over. */
  readonly privateHosts: Promise<ReadonlyMap<string, PrivateHost>>;
  /** Where to try a connection; absent when nothing is known to try. */
  readonly probeAt: (access: Access) => { readonly host: string; readonly port: number } | undefined;
  readonly timeoutMs: number;
  /**
   * Called when a request that is awaited was revoked: gives the access to go on with, or throws a `CodedError`
   * that ends the wait for it.
   */
  readonly onSuperseded: (
    access: Access,
    own: RequestedPort,
    policy: Policy,
    limit: Limit,
  ) => Promise<Access>;
  /** Told when Azure refuses to let the rules be read. */
  readonly onUnreadable: (missing: RefusedError) => void;
  /** Called after a round with the accesses for which no rule of their requests is there yet. */
  readonly onWithoutRule: (accesses: readonly Access[]) => void;
  /** Told after each round: what is still awaited, and for how long already. */
  readonly onRound: (pending: readonly Pending[], waitedMs: number) => void;
}

/** A port that is not open yet, and why as far as is known. */
export interface Pending extends MaybeOverIpv6 {
  /** Its place among the accesses that were to be awaited. */
  readonly index: number;
  readonly access: Access;
  /** What the last complete check at the rules found. */
  readonly blockers: readonly Blocker[] | undefined;
  readonly request: RequestedPort | undefined;
  /** False when Azure refuses to let the rules be read: then only the request can be read. */
  readonly readable: boolean;
  /** Whether the last complete check found no rule that looks like the one of the request. */
  readonly isWithoutRule?: boolean;
  /** Whether the rules allow the source and only the connection is missing. */
  readonly admitted: boolean;
  /** Rules that allow the source all along, as far as the last check at the rules found any. */
  readonly permanent: PermanentAccess | undefined;
  /** Whether the rules that allow the source are those of security groups alone, because the others could not be read. */
  readonly adminRulesUnread?: boolean;
  /** Azure's own verdict, where the last check at the rules left open what gets in, and it was to be had. */
  readonly azure?: readonly AddressVerdict[] | undefined;
  /** Why the last check was not complete. */
  readonly trouble: CodedError | undefined;
}

/** A check that found nothing out. */
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
