/** Every code that a user can meet. A code is never reused; each has a heading in docs/troubleshooting.md. */
export const CODES = [
  'JIT101',
  'JIT102',
  'JIT201',
  'JIT202',
  'JIT203',
  'JIT301',
  'JIT302',
  'JIT303',
  'JIT401',
  'JIT402',
  'JIT403',
  'JIT404',
  'JIT405',
  'JIT406',
  'JIT411',
  'JIT412',
  'JIT413',
  'JIT414',
  'JIT421',
  'JIT422',
  'JIT423',
  'JIT424',
  'JIT501',
  'JIT502',
  'JIT503',
  'JIT601',
  'JIT602',
  'JIT603',
  'JIT604',
  'JIT701',
  'JIT702',
  'JIT703',
  'JIT704',
  'JIT801',
  'JIT901',
] as const;

export type Code = (typeof CODES)[number];

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

/** The sentences of refusals that Azure gives for good: trying again is of no use. */
/**
 * Azure refuses a call for good. A reading that is refused leaves unknown what it would have told, and a run may go on
 * without it.
 */
export class RefusedError extends CodedError {
  /** The reason as a clause, such as "the action … is missing on …". Safe to show. */
  readonly why: string;

  constructor(
    failure: { readonly code: Code; readonly seen: string; readonly remedy: string; readonly why: string },
    options?: { cause?: unknown },
  ) {
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
    failure: { readonly code: Code; readonly seen: string; readonly remedy: string; readonly why: string },
    readonly action: string,
    readonly scope: string,
    readonly detail: RightDetail,
    options?: { cause?: unknown },
  ) {
    super(failure, options);
  }
}
