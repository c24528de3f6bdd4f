/**
 * The start of an error code for the response of a proxy that opened no connection to Azure. The response becomes an
 * error code, because the SDK keeps nothing else of a connection error.
 */
const PREFIX = 'PROXY_ANSWERED_';

/** The error code that stands for an answer to CONNECT other than 200; 0 where there is none, or none with a status. */
export const toRefusalCode = (status: number): string => PREFIX + String(status);

/** Returns the status in such a code, or `undefined` for any other code. */
export function parseRefusalCode(code: string | undefined): number | undefined {
  const digits = code?.startsWith(PREFIX) === true ? code.slice(PREFIX.length) : '';
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}
