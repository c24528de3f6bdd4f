/** What a request is about. Faults and tests speak of requests by these names. */
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

/** Which of the simulated services was asked. `stranger` is a foreign server that nobody should ever call. */
export type Service = 'arm' | 'entra' | 'devops' | 'imds' | 'echo-1' | 'echo-2' | 'echo-3' | 'stranger';

/** A request on its way in. */
export interface Incoming {
  readonly service: Service;
  readonly method: string;
  /** Without the query, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** `https://localhost:PORT`, as the caller addressed it. */
  readonly origin: string;
}

/** A request as it was recorded. Authorization headers and secrets in bodies are replaced by stable names. */
export interface Call {
  readonly kind: Kind;
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON or a form, else the text. */
  readonly body: unknown;
  readonly host: string;
  /** Milliseconds since 1970 on Azure's clock. */
  readonly atMs: number;
  /** Absent when no answer was sent. */
  readonly status?: number;
  /** What was answered, as text; absent when nothing was. */
  readonly answer?: string;
}

const SECRET_FIELDS = ['client_secret', 'client_assertion'];

/** Reads a body by its content type; what cannot be read stays text. */
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
