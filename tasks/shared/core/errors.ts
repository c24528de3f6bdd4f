import type { Code } from './codes';

/** What a failure says. */
export interface Failure {
  readonly code: Code;
  /** What happened, with the values that were found. */
  readonly seen: string;
  /** What the user can do about it. */
  readonly remedy: string;
}

/** A failure with a stable code. A single place reports it. */
export class CodedError extends Error implements Failure {
  override readonly name = 'CodedError';
  readonly code: Code;
  readonly seen: string;
  readonly remedy: string;

  constructor(failure: Failure, options?: { cause?: unknown }) {
    super(`${failure.code}: ${failure.seen} ${failure.remedy}`, options);
    this.code = failure.code;
    this.seen = failure.seen;
    this.remedy = failure.remedy;
  }
}

/** Creates a failure from its parts. */
export const failure = (code: Code, seen: string, remedy: string, cause?: unknown): CodedError =>
  new CodedError({ code, seen, remedy }, { cause });

/** The sentences about a call that Azure permanently refuses. */
interface RefusedCall extends Failure {
  /** The reason as a clause, such as "the action … is missing on …". Safe to show. */
  readonly why: string;
}

/** Azure requires a pause before a call, and the pause is longer than the remaining time of the call. */
export class PauseTooLongError extends CodedError {
  /** @param waitMs the pause, in milliseconds after the response */
  constructor(
    failure: Failure,
    readonly waitMs: number,
    options?: { cause?: unknown },
  ) {
    super(failure, options);
  }
}

/** Azure permanently refuses a call. The result of a refused read is unknown, and a run can continue without it. */
export class RefusedError extends CodedError implements RefusedCall {
  readonly why: string;

  constructor(failure: RefusedCall, options?: { cause?: unknown }) {
    super(failure, options);
    this.why = failure.why;
  }
}

/** Further details from Azure's text about a missing right. */
export interface RightDetail {
  /** Azure's own words. */
  readonly words?: string | undefined;
  /** The role has the action, but a condition on its assignment is not met. */
  readonly condition?: boolean;
  /** Azure did not name the action that is missing on a resource that the call is linked with. */
  readonly unnamed?: boolean;
}

/** A right is missing: the action, and the scope. */
export class ForbiddenError extends RefusedError {
  constructor(
    failure: RefusedCall,
    readonly action: string,
    readonly scope: string,
    readonly detail: RightDetail,
    options?: { cause?: unknown },
  ) {
    super(failure, options);
  }
}
