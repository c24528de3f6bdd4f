import assert from 'node:assert/strict';
import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
import { withoutSentCredentials } from '../../../tasks/shared/azure/credentials';

const CREDENTIAL = 'plain+words/are a=secret~too';

const request = createPipelineRequest({
  url: 'https://localhost/',
  headers: createHttpHeaders({ 'X-IDENTITY-HEADER': CREDENTIAL }),
});

const answer = (bodyAsText: string, headers: Readonly<Record<string, string>> = {}): PipelineResponse =>
  withoutSentCredentials(request, { request, status: 400, headers: createHttpHeaders(headers), bodyAsText });

describe('an answer that quotes the credential of its request', () => {
  const quoted: Readonly<Record<string, string>> = {
    'as it is': CREDENTIAL,
    'for a URL': encodeURIComponent(CREDENTIAL),
    'for a URL, with lowercase digits': encodeURIComponent(CREDENTIAL).toLowerCase(),
    'for a form': new URLSearchParams({ v: CREDENTIAL }).toString(),
    'for a URL in part': encodeURI(CREDENTIAL),
    'in HTML': CREDENTIAL.replaceAll('+', '&#43;').replaceAll('=', '&#x3D;'),
    'in base64': Buffer.from(CREDENTIAL).toString('base64'),
    'in base64, after one byte': Buffer.from(`:${CREDENTIAL}`).toString('base64'),
    'in base64, after two bytes': Buffer.from(`x:${CREDENTIAL}`).toString('base64'),
    'in base64 for URLs': Buffer.from(CREDENTIAL).toString('base64url'),
  };
  for (const [how, text] of Object.entries(quoted)) {
    it(`has it masked ${how}`, () => {
      const { bodyAsText = '' } = answer(JSON.stringify({ message: `You sent ${text}.` }));
      const left = (JSON.parse(bodyAsText ?? '') as { readonly message: string }).message;
      // Up to three characters at an end of base64 depend on what else was encoded.
      assert.match(left, /^You sent (?:v=)?[\w=]{0,3}\*\*\*[\w=]{0,3}\.$/);
    });
  }

  it('has it masked where JSON escapes ordinary characters', () => {
    const escaped = Array.from(CREDENTIAL)
      .map((sign) => (/\w/.test(sign) ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`))
      .join('');
    assert.equal(answer(`{"message":"${escaped}"}`).bodyAsText, '{"message":"***"}');
    assert.equal(answer(`{"message":"${CREDENTIAL.replace('/', '\\/')}"}`).bodyAsText, '{"message":"***"}');
  });

  it('has it masked in a header', () => {
    const { headers } = answer('', { 'X-Ms-Correlation-Request-Id': CREDENTIAL });
    assert.equal(headers.get('x-ms-correlation-request-id'), '***');
  });

  it('keeps the value of its JSON', () => {
    const body = String.raw`{"a":"\u0022 \u005c \\u0041 \u0027 \u000a \u00e9 \/ \\\/ \" \ud83d\ude00"}`;
    assert.deepEqual(JSON.parse(answer(body).bodyAsText ?? ''), JSON.parse(body));
  });
});
