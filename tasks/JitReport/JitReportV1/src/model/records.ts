import type { RequestedPort } from '../../../../shared/core/policy';

/** Defender's assessment of just-in-time access for a VM. */
export interface ListedAssessment {
  /** The VM's ID in lower case. */
  readonly vmKey: string;
  readonly status: string;
  readonly cause: string;
}

/** A port that a call requests. Without sources, the caller's own address is meant. */
export interface LoggedPort extends RequestedPort {
  /**
   * The requested duration in milliseconds, if the call named no end: `endsAt` is then counted from the entry's time.
   * Zero if the call named no duration either, so that Azure refuses it.
   */
  readonly lastsMs?: number;
}

/** An entry of the Activity Log about a call that requests access. */
export interface LoggedEntry {
  /** Milliseconds since 1970 on Azure's clock. */
  readonly time: number;
  readonly policyId: string;
  /** Identifies a call: all entries of one call have it. Empty if the entry has none. */
  readonly operationId: string;
  /** Identifies a whole operation, which can be several calls. */
  readonly correlationId: string;
  readonly status: string;
  /** A user name, or the ID of a service principal; empty if the entry has none. */
  readonly caller: string;
  /** The display name of the caller, if the entry has more than `caller`. */
  readonly callerName: string;
  readonly justification: string;
  /** The requested ports, if the entry has them. */
  readonly asked: readonly LoggedPort[];
}
