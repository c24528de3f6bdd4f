import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';

export const aRequest = (
  method: PipelineRequest['method'] = 'GET',
  abortSignal?: AbortSignal,
): PipelineRequest =>
  createPipelineRequest({
    url: 'https://management.azure.com/x',
    method,
    ...(abortSignal && { abortSignal }),
  });

/** Returns a response as the pipeline receives it. An object becomes JSON. */
export const anAnswer = (
  status: number,
  body: string | object = '',
  headers: Readonly<Record<string, string>> = {},
): PipelineResponse => ({
  status,
  request: aRequest(),
  headers: createHttpHeaders(headers),
  bodyAsText: typeof body === 'string' ? body : JSON.stringify(body),
});

export const anAzureError = (code: string, message = 'It failed.') => ({ error: { code, message } });
