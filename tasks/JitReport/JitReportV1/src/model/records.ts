import type { RequestedPort } from '../../../../shared/core/policy';

/** Defender's verdict on just-in-time access of a VM. */
export interface ListedAssessment {
  /** The VM's id in lower case. */
  readonly vmKey: string;
  readonly status: string;
  readonly cause: string;
}

/** A port that a call asked for. Without sources the caller's own address was meant. */
export interface LoggedPort extends RequestedPort {
  /**
   * For how long it was asked for, where the call named no end: `endsAt` is reckoned from the entry's time. Zero where it
   * named no duration either, so that Azure refuses it.
   */
  readonly lastsMs?: number;
}

/** An entry of the Activity Log about a call that asked for access. */
export interface LoggedEntry {
  /** Milliseconds since 1970 on Azure's clock. */
  readonly time: number;
  readonly policyId: string;
  /** Tells calls apart: all entries of one call have it. Empty when the entry has none. */
  readonly operationId: string;
  /** Of a whole operation, which may be several calls. */
  readonly correlationId: string;
  readonly status: string;
  /** A user name, or the id of a service principal; empty when the entry has none. */
  readonly caller: string;
  /** What the caller is called, where the entry tells more than `caller`. */
  readonly callerName: string;
  readonly justification: string;
  /** What was asked for, where the entry tells it. */
  readonly asked: readonly LoggedPort[];
}
