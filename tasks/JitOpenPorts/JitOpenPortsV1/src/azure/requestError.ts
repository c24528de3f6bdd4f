/** A request for access that failed, or whose outcome is unknown. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  /**
   * @param cause the failure, a `CodedError` unless it is a bug
   * @param mayBeOpen whether Azure might have carried out the request despite the failure
   */
  constructor(
    cause: unknown,
    readonly mayBeOpen: boolean,
  ) {
    super('The request for access failed.', { cause });
  }
}
