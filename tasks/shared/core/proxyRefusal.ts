/**
 * The start of an error code for the response of a proxy that opened no connection to Azure. The response becomes an
 * error code, because the SDK keeps nothing else of a connection error.
 */
const PREFIX = 'PROXY_ANSWERED_';

/**
 * Returns the error code for a response to CONNECT other than 200. The status is 0 for no response, or one without a
 * status.
 */
export const toRefusalCode = (status: number): string => PREFIX + String(status);

/** Returns the status in such a code, or `undefined` for any other code. */
export function parseRefusalCode(code: string | undefined): number | undefined {
  const digits = code?.startsWith(PREFIX) === true ? code.slice(PREFIX.length) : '';
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}
