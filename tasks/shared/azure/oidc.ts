import type { OidcSource } from '../core/oidcSource';
import {
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  isRestError,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import { judgeOidcAddress } from '../core/organization';
import { noOidcToken, notReached } from '../messages/failures';
import { oidcElsewhere, oidcInsecure } from '../messages/routes';
import type { Limit, Clock } from '../core/limits';
import { parseJson } from './parseJson';
import { connectionTrouble } from './failures';
import { limitOf, retryPolicy, type Announce } from './retry';

/**
 * Returns a function that gets an OIDC token for the service connection from Azure DevOps. A token is valid for ten
 * minutes and for one sign-in, so each call requests a new one, and none is stored. The job's token is sent only to the
 * organization of the job. The function throws JIT203, or JIT601, JIT603, or JIT604 from the retries or the transport.
 */
export function createOidcToken(
  source: OidcSource,
  connectionId: string,
  transport: HttpClient,
  clock: Clock,
  announce: Announce,
  onSecret: (secret: string) => void,
): (limit: Limit) => Promise<string> {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(retryPolicy(clock, announce, () => true));
  return async (limit) => {
    if (!source.url || !source.jobToken) {
      throw noOidcToken('the agent did not provide the URL or the token to request it');
    }
    const address = judgeOidcAddress(source.url, source.home);
    if (address.kind !== 'trusted') {
      const refuse = address.kind === 'insecure' ? oidcInsecure : oidcElsewhere;
      throw refuse(address.requested, address.home);
    }
    limitOf.set(limit.signal, limit);
    const query = new URLSearchParams({ 'api-version': '7.1', serviceConnectionId: connectionId });
    const request = createPipelineRequest({
      url: `${address.url}?${query.toString()}`,
      method: 'POST',
      headers: createHttpHeaders({
        Accept: 'application/json',
        'Content-Type': 'application/json',
        // Without this header, Azure DevOps responds to an invalid token with a sign-in page.
        'X-TFS-FedAuthRedirect': 'Suppress',
        Authorization: `Bearer ${source.jobToken}`,
      }),
      abortSignal: limit.signal,
    });
    try {
      const response = await pipeline.sendRequest(transport, request);
      const body = parseJson(response.bodyAsText);
      if (response.status === 200 && typeof body === 'object' && body !== null && 'oidcToken' in body) {
        const { oidcToken } = body;
        if (typeof oidcToken === 'string' && oidcToken) {
          onSecret(oidcToken);
          return oidcToken;
        }
      }
      if (response.status === 407) {
        throw notReached('Azure DevOps', 'the proxy requires valid credentials (407)');
      }
      throw noOidcToken(`it returned status ${String(response.status)} without a token`);
    } catch (error) {
      if (!isRestError(error)) throw error;
      throw noOidcToken(connectionTrouble(error.code, error.message), error);
    }
  };
}
