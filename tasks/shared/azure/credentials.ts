import type { PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

/** Form fields of a sign-in that contain a credential (RFC 6749, 2.3.1; RFC 7521, 4.2). */
const PROVING = ['client_secret', 'client_assertion'];

/** The minimum length of a credential. A shorter text is not a credential, and could be part of any word. */
const SHORTEST = 6;

/**
 * Returns the response with the credentials of its request masked. Otherwise, a server or proxy that quotes the request
 * in its error would put them into a message.
 */
export function withoutSentCredentials(
  request: Pick<PipelineRequest, 'headers' | 'body'>,
  response: PipelineResponse,
): PipelineResponse {
  const { bodyAsText } = response;
  if (!bodyAsText) return response;
  let text = bodyAsText;
  for (const credential of sentCredentials(request)) {
    for (const form of formsOf(credential)) text = text.replaceAll(form, '***');
  }
  return text === bodyAsText ? response : { ...response, bodyAsText: text };
}

function sentCredentials({ headers, body }: Pick<PipelineRequest, 'headers' | 'body'>): readonly string[] {
  const bearer = /^\S+ (\S+)$/.exec(headers.get('authorization') ?? '')?.[1];
  const isForm = headers.get('content-type')?.includes('x-www-form-urlencoded') === true;
  const form = new URLSearchParams(isForm && typeof body === 'string' ? body : '');
  return [bearer, ...PROVING.map((field) => form.get(field))].filter(
    (text): text is string => typeof text === 'string' && text.length >= SHORTEST,
  );
}

/** Returns the forms in which a page or a JSON text can quote a credential. */
const formsOf = (credential: string): readonly string[] => [
  credential,
  encodeURIComponent(credential),
  new URLSearchParams({ v: credential }).toString().slice(2),
  JSON.stringify(credential).slice(1, -1),
];
