import { isRestError, type PipelineResponse } from '@azure/core-rest-pipeline';
import { textsOf } from '../../../../shared/core/prefixes';
import type { AccessRequest, Policy, PolicyRef } from '../../../../shared/core/policy';
import { findRequestFor } from '../../../../shared/core/requests';
import { CodedError, PauseTooLongError } from '../../../../shared/core/errors';
import { withLimit, type Limit, type Clock } from '../../../../shared/core/limits';
import { requestRefused, waitTooLong } from '../../../../shared/messages/failures';
import { RequestError } from './requestError';
import type { InitiateBody, InitiatePort } from '../plan/requestBody';
import type { Arm } from '../../../../shared/azure/arm';
import { azureErrorOf, detailOf } from '../../../../shared/azure/azureErrors';
import { parseJson } from '../../../../shared/azure/parseJson';
import { explainedFailure, failureOf, toFailure, type Call } from '../../../../shared/azure/failures';
import { POLICY_TYPE } from '../../../../shared/azure/read/policy';
import { toAccessRequest } from '../../../../shared/azure/read/requests';
import { addressOf, toRequest } from '../../../../shared/azure/request';
import { BROKEN, FIRST_PAUSE_MS, retryAfterMs } from '../../../../shared/azure/retry';
import { NO_ANSWER } from '../../../../shared/azure/transport';

/** How much older than the request its entry can appear, because two services have two clocks: two minutes. */
const CLOCK_SLACK_MS = 120_000;
/** The maximum number of times to send a request whose outcome is unknown and that the policy does not list. */
const SENDS = 3;
/** Pauses in milliseconds before each search for a request in the policy. */
const FIND_PAUSES_MS = [0, 1500, 3000];
/** How long to search for a request in the policy: 20 seconds. An attempt to send a request takes no longer either. */
const FIND_MS = 20_000;
/** How long Azure can be silent in total, over sending and searching: 44 seconds. */
const SILENCE_MS = 44_000;

/** Requests access, and returns what Azure reports as granted. Throws a `RequestError`. */
export type Initiate = (policy: PolicyRef, body: InitiateBody, limit: Limit) => Promise<AccessRequest>;

/**
 * Creates the function that requests access, and never opens ports twice: if a request gets no response, its outcome is
 * read from the policy.
 */
export function createInitiate(
  arm: Arm,
  clock: Clock,
  getPolicy: (policy: PolicyRef, limit: Limit) => Promise<Policy>,
): Initiate {
  /** Searches for a request in the policy, more than once because carrying it out takes about three seconds. */
  const find = async (
    policy: PolicyRef,
    body: InitiateBody,
    since: number,
    pauses: readonly number[],
    limit: Limit,
  ): Promise<AccessRequest | undefined> => {
    for (const pauseMs of pauses) {
      await clock.sleep(pauseMs, limit.signal);
      const found = findRequestFor(await getPolicy(policy, limit), body.ports, since);
      if (found) return found;
    }
    return undefined;
  };

  /**
   * Waits before a request that was not carried out is sent again. Throws a `RequestError` if Azure requests a longer
   * pause than the time that is left.
   */
  const pause = async ({ response, error }: Unknown, sends: number, limit: Limit): Promise<void> => {
    const requested = retryAfterMs(response);
    const waitMs = requested ?? FIRST_PAUSE_MS * 2 ** (sends - 1);
    const reason = response ? `status ${String(response.status)}` : reasonOf(error);
    if (requested !== undefined && requested > limit.remainingMs()) {
      throw new RequestError(waitTooLong(reason, requested, response?.status === 429, error), false);
    }
    arm.announce({ reason, waitMs });
    await clock.sleep(waitMs, limit.signal);
  };

  return async (policy, body, limit) => {
    const call: Call = {
      what: 'The request for access',
      action: `${POLICY_TYPE}/initiate/action`,
      scope: policy.id,
      sought: { noun: 'just-in-time policy', id: policy.id },
    };
    // Not with Microsoft's client: it drops `allowedSourceAddressPrefixes` without an error, and Azure would then open
    // the ports for the address that the call comes from.
    const url = addressOf(arm.url, `${policy.id}/initiate`, 'jit');
    const since = arm.azureNow() - CLOCK_SLACK_MS;
    let silentSince: number | undefined;
    for (let sends = 1; ; sends++) {
      const sentAt = clock.now();
      const request = toRequest({ method: 'POST', url, body: toBody(body) }, limit);
      const outcome = await attempt(() => arm.send(request));
      if (outcome.kind === 'granted') return outcome.request;
      if (outcome.kind === 'refused') throw new RequestError(refusal(outcome.response, policy, call), false);
      if (outcome.kind === 'putOff') throw new RequestError(outcome.failure, false);
      const failure = outcome.response
        ? failureOf(outcome.response, call, outcome.error)
        : toFailure(outcome.error, call);
      if (!arm.wasSent(request)) throw new RequestError(failure, false);
      if (isSilence(outcome.error)) silentSince ??= sentAt;
      const silenceLeft = () => SILENCE_MS - (silentSince === undefined ? 0 : clock.now() - silentSince);
      if (!neverArrived(outcome.error)) {
        // Whether it was carried out is unknown. Sending it again immediately could open the ports twice.
        const findMs = Math.min(FIND_MS, silenceLeft());
        // After a silence, one read is enough: by then, a request that was carried out is listed.
        const pauses = isSilence(outcome.error) ? [0] : FIND_PAUSES_MS;
        let carriedOut: AccessRequest | undefined;
        try {
          carriedOut = await withLimit(clock, limit.signal, findMs, (short) =>
            find(policy, body, since, pauses, short),
          );
        } catch (error) {
          // A bug that makes the search fail must not be reported as Azure's failure.
          throw new RequestError(error instanceof CodedError ? failure : error, true);
        }
        if (carriedOut) return carriedOut;
      }
      const isOver = sends >= SENDS || limit.signal.aborted || silenceLeft() < FIND_MS;
      if (isOver || outcome.isAccepted) throw new RequestError(failure, !neverArrived(outcome.error));
      await pause(outcome, sends, limit);
    }
  };
}

type SendOutcome =
  | { readonly kind: 'granted'; readonly request: AccessRequest }
  | { readonly kind: 'refused'; readonly response: PipelineResponse }
  /** Azure did not carry out the request, and requests a longer pause than the time that is left. */
  | { readonly kind: 'putOff'; readonly failure: CodedError }
  | Unknown;

interface Unknown {
  readonly kind: 'unknown';
  /** Whether Azure accepted the request, with a response that cannot be interpreted. It must not be sent again. */
  readonly isAccepted?: boolean;
  readonly response?: PipelineResponse;
  readonly error?: unknown;
}

async function attempt(send: () => Promise<PipelineResponse>): Promise<SendOutcome> {
  try {
    const response = await send();
    const { status } = response;
    if (status >= 200 && status < 300) return toGrant(response);
    return status >= 500 || status === 408 ? { kind: 'unknown', response } : { kind: 'refused', response };
  } catch (error) {
    // The retry policy repeats a request for access only after responses that say that nothing was carried out, so
    // nothing was carried out here.
    if (error instanceof PauseTooLongError) return { kind: 'putOff', failure: error };
    if (isRestError(error) && error.response) return { kind: 'unknown', response: error.response, error };
    return { kind: 'unknown', error };
  }
}

function toGrant({ bodyAsText }: PipelineResponse): SendOutcome {
  try {
    return { kind: 'granted', request: toAccessRequest(parseJson(bodyAsText)) };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { kind: 'unknown', isAccepted: true, error };
  }
}

const isSilence = (error: unknown): boolean => isRestError(error) && error.code === NO_ANSWER;

const reasonOf = (error: unknown): string =>
  isRestError(error) ? (error.code ?? BROKEN) : 'an unexpected response';

/** Whether no server received the request. */
const neverArrived = (error: unknown): boolean =>
  isRestError(error) && ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED'].includes(error.code ?? '');

function refusal(response: PipelineResponse, policy: PolicyRef, call: Call): unknown {
  const explained = explainedFailure(response, call);
  if (explained) return explained;
  // Azure's error has no known code of its own, so every other status 400 counts as a refusal by the policy.
  return response.status === 400 && azureErrorOf(response)
    ? requestRefused(policy.name, detailOf(response))
    : failureOf(response, call);
}

function toBody({ ports, justification }: InitiateBody) {
  const vms = new Map<string, { readonly id: string; readonly requested: InitiatePort[] }>();
  for (const port of ports) {
    const { id, key } = port.vm;
    const entry = vms.get(key) ?? { id, requested: [] };
    entry.requested.push(port);
    vms.set(key, entry);
  }
  return {
    virtualMachines: [...vms.values()].map(({ id, requested }) => ({
      id,
      ports: requested.map(({ port, endsAt, sources }) => ({
        number: port,
        endTimeUtc: new Date(endsAt).toISOString(),
        ...(sources?.length === 1 && { allowedSourceAddressPrefix: sources[0]?.text }),
        ...(sources && sources.length > 1 && { allowedSourceAddressPrefixes: textsOf(sources) }),
      })),
    })),
    justification,
  };
}
