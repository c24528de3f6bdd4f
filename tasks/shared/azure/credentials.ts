import type { PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

/** Fields of a sign-in's form that prove who asks (RFC 6749, 2.3.1; RFC 7521, 4.2). */
const PROVING = ['client_secret', 'client_assertion'];

/** Shorter texts are no credentials, and may be a part of any word. */
const SHORTEST = 6;

/**
 * The answer without the credentials that were sent to get it. A server or a proxy that quotes a request in its
 * error would otherwise put them into a message.
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

/** The ways in which a page or a JSON text may quote it. */
const formsOf = (credential: string): readonly string[] => [
  credential,
  encodeURIComponent(credential),
  new URLSearchParams({ v: credential }).toString().slice(2),
  JSON.stringify(credential).slice(1, -1),
];
