import type { PipelineResponse } from '@azure/core-rest-pipeline';
import type { Arm } from '../../tasks/shared/azure/arm';
import type { ArmService } from '../../tasks/shared/azure/apiVersions';
import { azureErrorOf } from '../../tasks/shared/azure/azureErrors';
import { parseJson } from '../../tasks/shared/azure/parseJson';
import { toFailure, type Call } from '../../tasks/shared/azure/failures';
import { addressOf, toRequest, type ArmRequest } from '../../tasks/shared/azure/request';
import { isJson, type Json } from '../../tasks/shared/core/json';
import { withLimit, type Clock } from '../../tasks/shared/core/limits';

/** A response of Azure, successful or not. */
export interface Answer {
  readonly status: number;
  /** Azure's own code, or empty for a successful response. */
  readonly code: string;
  readonly message: string;
  /** Empty if the response is not a JSON object. */
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;
}

/** A call with its response, as evidence. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly answer: Answer;
}

/**
 * Azure Resource Manager for experiments: each call is made once, and an error is a response. Without a response, a
 * `CodedError` is thrown.
 */
export interface Caller {
  ask(method: ArmRequest['method'], path: string, service: ArmService, body?: Json): Promise<Answer>;
}

/** The time limit of one call. */
const CALL_MS = 60_000;

/**
 * @param clock the machine's own clock. Experiments wait with a different one, which can be a test clock.
 * @param onExchange is called for every call
 */
export function createCaller(
  arm: Arm,
  clock: Clock,
  signal: AbortSignal,
  onExchange: (exchange: Exchange) => void,
): Caller {
  return {
    async ask(method, path, service, body) {
      const [resource = '', query] = path.split('?');
      const url = addressOf(arm.url, resource, service) + (query === undefined ? '' : `&${query}`);
      const requested = { ...(method && { method }), url, ...(body && { body }) };
      const response = await withLimit(clock, signal, CALL_MS, (limit) =>
        arm.sendOnce(toRequest(requested, limit)),
      ).catch((error: unknown) => {
        throw toFailure(error, callFor(resource));
      });
      const answer = toAnswer(response);
      onExchange({ method: method ?? 'GET', path, ...(body && { body }), answer });
      return answer;
    },
  };
}

/** The call that a failure without a response belongs to. */
const callFor = (id: string): Call => ({
  ...{ what: 'Azure Resource Manager', action: '', scope: id },
  sought: { noun: 'resource', id },
});

function toAnswer(response: PipelineResponse): Answer {
  const error = azureErrorOf(response);
  const body = parseJson(response.bodyAsText);
  return {
    status: response.status,
    code: error?.code ?? '',
    message: error?.message ?? '',
    body: isJson(body) ? body : {},
    headers: response.headers.toJSON(),
  };
}

/** Returns, for example, `202` or `400 InvalidInitiateInput`. */
export const statusText = ({ status, code }: Answer): string =>
  `${String(status)}${code === '' ? '' : ` ${code}`}`;

export const isAccepted = ({ status }: Answer): boolean => status >= 200 && status < 300;
