/** The kind of a request. Faults and tests refer to requests by these names. */
export type Kind =
  | 'openid'
  | 'token'
  | 'oidc'
  | 'imds'
  | 'policies.list'
  | 'policy.get'
  | 'policy.put'
  | 'policy.delete'
  | 'initiate'
  | 'vm'
  | 'subscriptions.list'
  | 'groups.list'
  | 'vms.list'
  | 'nics.list'
  | 'publicIps.list'
  | 'nsgs.list'
  | 'vnets.list'
  | 'firewalls.list'
  | 'assessments'
  | 'vmQuery'
  | 'activityLog'
  | 'nic'
  | 'nsg'
  | 'subnet'
  | 'publicIp'
  | 'vnet'
  | 'adminRules'
  | 'rule.delete'
  | 'operation'
  | 'watchers.list'
  | 'ipFlowVerify'
  | 'flowResult'
  | 'permissions'
  | 'echo'
  | 'unknown';

/** The simulated service that received the call. `stranger` is a foreign server that must never be called. */
export type Service = 'arm' | 'entra' | 'devops' | 'imds' | 'echo-1' | 'echo-2' | 'echo-3' | 'stranger';

/** An incoming request. */
export interface Incoming {
  readonly service: Service;
  readonly method: string;
  /** Without the query, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `https://localhost:PORT`, as in the request. */
  readonly origin: string;
}

/** A recorded request. Authorization headers and secrets in bodies are replaced by stable names. */
export interface Call {
  readonly kind: Kind;
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed if it is JSON or a form, otherwise the text. */
  readonly body: unknown;
  readonly host: string;
  /** Milliseconds since 1970 on Azure's clock. */
  readonly atMs: number;
  /** Absent if no response was sent. */
  readonly status?: number;
  /** The body of the response, as text. Absent if no response was sent. */
  readonly answer?: string;
}

const SECRET_FIELDS = ['client_secret', 'client_assertion'];

/** Parses a body by its content type. A body that cannot be parsed stays text. */
export function parseBody(text: string, contentType = ''): unknown {
  if (contentType.includes('x-www-form-urlencoded')) {
    const fields = [...new URLSearchParams(text)];
    return Object.fromEntries(
      fields.map(([key, value]) => [key, SECRET_FIELDS.includes(key) ? '***' : value]),
    );
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
