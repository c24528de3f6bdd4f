/** How a response is delivered: complete, cut off in the middle, with the connection closed before it, or never. */
export type Delivery = 'whole' | 'half' | 'reset' | 'hang';

/** The response of a simulated service. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly delivery?: Delivery;
  /** Real milliseconds before the response is sent. */
  readonly delayMs?: number;
}

export type Headers = Readonly<Record<string, string>>;

export const plain = (status: number, text: string, headers: Headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  text,
});

export const json = (status: number, body: unknown, headers: Headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  text: JSON.stringify(body),
});

export const html = (status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  text: '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>',
});

export const empty = (status: number, headers: Headers = {}): Answer => ({ status, headers, text: '' });

/** Creates an error in the wording of Azure Resource Manager. */
export const armError = (status: number, code: string, message: string, headers: Headers = {}): Answer =>
  json(status, { error: { code, message } }, headers);

/** Creates an error in the wording of Entra: an OAuth code and a documented number. */
export const entraError = (status: number, error: string, number: number, what: string): Answer =>
  json(status, {
    error,
    error_description: `AADSTS${number}: ${what} Trace ID: 3b1e0c5e-0000-4000-8000-8ad4c4a30c00`,
    error_codes: [number],
    timestamp: new Date(0).toISOString().replace('T', ' '),
    trace_id: '3b1e0c5e-0000-4000-8000-8ad4c4a30c00',
    correlation_id: '6f2f1f0a-0000-4000-8000-2d3f5a7f9b11',
  });

/** Thrown anywhere in a handler to respond with a refusal. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(readonly answer: Answer) {
    super(`${answer.status} ${answer.text}`);
  }
}

export const refuse = (status: number, code: string, message: string, headers: Headers = {}): Refusal =>
  new Refusal(armError(status, code, message, headers));
