/** A request for access that came to nothing, or whose outcome nobody knows. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  /**
   * `mayBeOpen`: whether Azure may have carried the request out all the same.
   * The failure is the cause, a `CodedError` unless it is a bug.
   */
  constructor(
    cause: unknown,
    readonly mayBeOpen: boolean,
  ) {
    super('The request for access failed.', { cause });
  }
}
