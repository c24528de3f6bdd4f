import type { Code } from './codes';

/** What a failure tells its reader. */
export interface Failure {
  readonly code: Code;
  /** What happened, with the values that were met. */
  readonly seen: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

/** A failure with a stable code, on its way to the one place that reports it. */
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

/** A failure by its parts. */
export const failure = (code: Code, seen: string, remedy: string, cause?: unknown): CodedError =>
  new CodedError({ code, seen, remedy }, { cause });

/** The sentences of a call that Azure refuses for good. */
interface RefusedCall extends Failure {
  /** The reason as a clause, such as "the action … is missing on …". Safe to show. */
  readonly why: string;
}

/** Azure asks for a pause before a call that is longer than the time that is left for the call. */
export class PauseTooLongError extends CodedError {
  /** @param waitMs the pause, in milliseconds from the answer on */
  constructor(
    failure: Failure,
    readonly waitMs: number,
    options?: { cause?: unknown },
  ) {
    super(failure, options);
  }
}

/**
 * Azure refuses a call for good. A reading that is refused leaves unknown what it would have told, and a run may go on
 * without it.
 */
export class RefusedError extends CodedError implements RefusedCall {
  readonly why: string;

  constructor(failure: RefusedCall, options?: { cause?: unknown }) {
    super(failure, options);
    this.why = failure.why;
  }
}

/** What else Azure's text says of a missing right. */
export interface RightDetail {
  /** Azure's own words. */
  readonly words?: string | undefined;
  /** The role has the action, and a condition on its assignment is not met. */
  readonly condition?: boolean;
  /** Azure did not name which action is missing on a resource that the call is linked with. */
  readonly unnamed?: boolean;
}

/** A right that is missing: which action, where. */
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
