import { isJson, textIn, type Json } from '../core/json';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { parseJson } from './parseJson';

/** Azure's own error: `{"error":{"code","message"}}`. */
export interface AzureError {
  readonly code: string;
  readonly message: string;
  /** The inner errors: some services wrap the error of Azure Resource Manager. */
  readonly details: readonly Pick<AzureError, 'code' | 'message'>[];
}

const MOST_DETAILS = 20;

/** Returns Azure's own error in a response, or `undefined` for anything else, such as a proxy's page. */
export function azureErrorOf(response: PipelineResponse): AzureError | undefined {
  const body = parseJson(response.bodyAsText);
  return isJson(body) && isJson(body['error']) ? toAzureError(body['error']) : undefined;
}

/**
 * Returns the error of a service that does not wrap it: `{"code","message"}`, as in the specification of the Activity
 * Log. The case of the names does not matter, as in the entries of that log.
 */
export function bareErrorOf(response: PipelineResponse): AzureError | undefined {
  const body = parseJson(response.bodyAsText);
  if (!isJson(body)) return undefined;
  const code = textIn(body, 'code');
  return code === '' ? undefined : { code, message: textIn(body, 'message'), details: [] };
}

function toAzureError(error: Json): AzureError | undefined {
  if (!('code' in error)) return undefined;
  const inner = Array.isArray(error['details']) ? error['details'].slice(0, MOST_DETAILS) : [];
  return {
    code: wordOf(error['code']),
    message: textOf(error['message']),
    details: inner
      .filter(isJson)
      .map((detail) => ({ code: textOf(detail['code']), message: textOf(detail['message']) })),
  };
}

/** Returns Azure's error as text, with the correlation ID that Azure support needs to find the call. */
export function detailOf(response: PipelineResponse, azure = azureErrorOf(response)): string {
  const said = azure
    ? `${azure.code}: ${azure.message}`
    : `status ${String(response.status)} without an error in JSON`;
  const id = response.headers.get('x-ms-correlation-request-id');
  return said.replace(/\.\s*$/, '') + (id ? ` (correlation ID ${id})` : '');
}

/** Returns a code as text, or an empty text for an object, whose `toString` could be anything. */
export const wordOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? '' : String(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
