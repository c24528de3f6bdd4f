/**
 * What a proxy answered when it was asked for a way to Azure, and gave none. It travels as the code of an error, because
 * the SDK keeps nothing else of an error of the connection.
 */
const PREFIX = 'PROXY_ANSWERED_';

/** The error code that stands for an answer to CONNECT other than 200; 0 where there is none, or none with a status. */
export const toRefusalCode = (status: number): string => PREFIX + String(status);

/** The status in such a code; nothing for every other code. */
export function parseRefusalCode(code: string | undefined): number | undefined {
  const digits = code?.startsWith(PREFIX) === true ? code.slice(PREFIX.length) : '';
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}
