import { armError, empty, entraError, html, json, plain, type Answer } from './answers';
import type { Incoming, Kind, Service } from './calls';

/** A refusal with a status. The body is an error in the wording of the service, unless `body` is given. */
export interface StatusFault {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  /** `Retry-After` in seconds. */
  readonly retryAfterSeconds?: number;
  /** `Retry-After` as an HTTP date, given in milliseconds since 1970. */
  readonly retryAfterDate?: number;
  /** `retry-after-ms`, which Azure's clients read first. */
  readonly retryAfterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What can go wrong. Faults that never reach the service: `reset` closes the connection before any header, `hang` never
 * responds, `html` is a sign-in page with status 200, `empty` is a 200 without a body, and `notJson` is a 200 with
 * broken JSON. Faults after the service has done its work: `half` cuts the response off in the middle, `lostAnswer`
 * closes the connection before the response, `wrongType` declares it as text/plain, `linkLoop` makes the page itself
 * the next page of a list, and `foreignLink` makes the next page one of another origin. `delayMs` (real milliseconds)
 * delays the response. `lateCommitMs` closes the connection immediately, and the service does its work that much later.
 * `edit` returns the replacement for the JSON of a successful response. `pass` lets a request through, in the middle of
 * a sequence.
 */
export type Fault =
  | number
  | StatusFault
  | { readonly delayMs: number }
  | { readonly lateCommitMs: number }
  | { readonly edit: (body: never) => unknown }
  | 'reset'
  | 'hang'
  | 'half'
  | 'html'
  | 'empty'
  | 'notJson'
  | 'wrongType'
  | 'lostAnswer'
  | 'linkLoop'
  | 'foreignLink'
  | 'pass';

/** What a match can inspect. */
export interface Target extends Incoming {
  readonly kind: Kind;
}
export type Match = Kind | readonly Kind[] | ((target: Target) => boolean);

/** The faults that tests script. */
export interface Faults {
  /** The next matching requests get these faults, one each, in this order. After that, requests succeed again. */
  next(match: Match, faults: Fault | readonly Fault[]): void;
  /** Every matching request gets the fault, until the returned function is called. */
  always(match: Match, fault: Fault): () => void;
  clear(): void;
}

interface Plan {
  readonly matches: (target: Target) => boolean;
  readonly queue: Fault[];
  readonly lasting: boolean;
}

function toPredicate(match: Match): (target: Target) => boolean {
  if (typeof match === 'function') return match;
  const kinds: readonly Kind[] = typeof match === 'string' ? [match] : match;
  return (target) => kinds.includes(target.kind);
}

/**
 * Creates the script, and the function that takes the fault of one request from it. Sequences are used before permanent
 * faults.
 */
export function createFaults(): Faults & { take(target: Target): Fault } {
  let plans: Plan[] = [];
  return {
    next: (match, faults) => {
      const queue = isList(faults) ? [...faults] : [faults];
      plans.push({ matches: toPredicate(match), queue, lasting: false });
    },
    always: (match, fault) => {
      const plan: Plan = { matches: toPredicate(match), queue: [fault], lasting: true };
      plans.push(plan);
      return () => {
        plans = plans.filter((other) => other !== plan);
      };
    },
    clear: () => {
      plans = [];
    },
    take(target) {
      const fitting = plans.filter((plan) => plan.queue.length > 0 && plan.matches(target));
      const plan = fitting.find((candidate) => !candidate.lasting) ?? fitting[0];
      const fault = plan?.lasting ? plan.queue[0] : plan?.queue.shift();
      return fault ?? 'pass';
    },
  };
}

const isList = (faults: Fault | readonly Fault[]): faults is readonly Fault[] => Array.isArray(faults);

/** Applies a fault to the response of the service. */
export async function afflict(
  fault: Fault,
  target: Target,
  answer: () => Answer | Promise<Answer>,
  strangerUrl: string,
): Promise<Answer> {
  if (typeof fault === 'number') return toError({ status: fault }, target.service);
  if (typeof fault === 'object') {
    if ('status' in fault) return toError(fault, target.service);
    if ('delayMs' in fault) return { ...(await answer()), ...fault };
    if ('edit' in fault) return withEdit(await answer(), fault.edit);
    setTimeout(() => void answer(), fault.lateCommitMs);
    return { ...empty(0), delivery: 'reset' };
  }
  switch (fault) {
    case 'pass':
      return answer();
    case 'reset':
    case 'hang':
      return { ...empty(0), delivery: fault };
    case 'html':
      return html();
    case 'empty':
      return empty(200, { 'content-type': 'application/json' });
    case 'notJson':
      return plain(200, '{"value":[', { 'content-type': 'application/json' });
    case 'half':
      return { ...(await answer()), delivery: 'half' };
    case 'lostAnswer':
      return { ...(await answer()), delivery: 'reset' };
    case 'wrongType': {
      const given = await answer();
      return { ...given, headers: { ...given.headers, 'content-type': 'text/plain' } };
    }
    case 'linkLoop':
      return withNextLink(await answer(), `${target.origin}${target.path}?${target.query.toString()}`);
    case 'foreignLink':
      return withNextLink(await answer(), `${strangerUrl}${target.path}?${target.query.toString()}`);
  }
}

function withEdit(answer: Answer, edit: (body: never) => unknown): Answer {
  if (answer.status !== 200 && answer.status !== 202) return answer;
  return { ...answer, text: JSON.stringify(edit(JSON.parse(answer.text) as never)) };
}

function withNextLink(answer: Answer, nextLink: string): Answer {
  return { ...answer, text: JSON.stringify({ ...(JSON.parse(answer.text) as object), nextLink }) };
}

const CODES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'InvalidAuthenticationToken',
  403: 'Forbidden',
  404: 'ResourceNotFound',
  408: 'RequestTimeout',
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServerTimeout',
  504: 'GatewayTimeout',
};

function toError(fault: StatusFault, service: Service): Answer {
  const code = fault.code ?? CODES[fault.status] ?? 'Failed';
  const message = fault.message ?? `The simulated service was told to answer ${fault.status}.`;
  const headers: Record<string, string> = { ...fault.headers };
  if (fault.retryAfterSeconds !== undefined) headers['retry-after'] = String(fault.retryAfterSeconds);
  if (fault.retryAfterDate !== undefined)
    headers['retry-after'] = new Date(fault.retryAfterDate).toUTCString();
  if (fault.retryAfterMs !== undefined) headers['retry-after-ms'] = String(fault.retryAfterMs);
  if (fault.body !== undefined) return plain(fault.status, fault.body, headers);
  if (service === 'arm') return armError(fault.status, code, message, headers);
  if (service === 'entra') {
    const error = entraError(fault.status, fault.code ?? 'temporarily_unavailable', 90033, message);
    return { ...error, headers: { ...error.headers, ...headers } };
  }
  return json(fault.status, { error: code, error_description: message, message }, headers);
}
