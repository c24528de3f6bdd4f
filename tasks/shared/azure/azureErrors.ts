import { isJson, textIn, type Json } from '../core/json';
import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { parseJson } from './parseJson';

/** Azure's own error: `{"error":{"code","message"}}`. */
export interface AzureError {
  readonly code: string;
  readonly message: string;
  /** The errors inside it: some services wrap what Azure Resource Manager said. */
  readonly details: readonly Pick<AzureError, 'code' | 'message'>[];
}

const MOST_DETAILS = 20;

/** Azure's own error in an answer; nothing for a page of something in between. */
export function azureErrorOf(response: PipelineResponse): AzureError | undefined {
  const body = parseJson(response.bodyAsText);
  return isJson(body) && isJson(body['error']) ? toAzureError(body['error']) : undefined;
}

/**
 * The same for a service that does not wrap it: `{"code","message"}`, as the Activity Log's specification has it. The
 * names count in any case, as they do in that log's entries.
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

/** What Azure said, with the id under which its support finds the call. */
export function detailOf(response: PipelineResponse, azure = azureErrorOf(response)): string {
  const said = azure
    ? `${azure.code}: ${azure.message}`
    : `status ${String(response.status)} without an error in JSON`;
  const id = response.headers.get('x-ms-correlation-request-id');
  return said.replace(/\.\s*$/, '') + (id ? ` (correlation ID ${id})` : '');
}

/** A code as text. An object is none: its own `toString` may be anything. */
export const wordOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? '' : String(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
