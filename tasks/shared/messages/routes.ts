import { listText, say } from '../core/text';
import { CodedError } from '../core/errors';

/** A proxy opened no connection to a host: the response is the proxy's, not Azure's. */
export class ProxyRefusedError extends CodedError {
  readonly status: number;

  constructor(host: string, proxy: string, status: number, options?: { cause?: unknown }) {
    super(
      {
        code: 'JIT603',
        seen: say`${host} could not be reached: ${proxyAnswer(proxy, status)}.`,
        remedy:
          status === 407
            ? 'Configure the agent with a user name and a password that the proxy accepts (--proxyusername, --proxypassword).'
            : 'Allow HTTPS connections to this host in the proxy, or add the host to the bypass list of the agent.',
      },
      options,
    );
    this.status = status;
  }
}

/** Describes the response of a proxy that opened no connection. */
export const proxyAnswer = (proxy: string, status: number): string =>
  status === 407
    ? say`the proxy ${proxy} requires valid credentials (407)`
    : status === 0
      ? say`the proxy ${proxy} gave no status in response to CONNECT`
      : say`the proxy ${proxy} responded to CONNECT with status ${String(status)}`;

export const badProxy = (given: string): CodedError =>
  new CodedError({
    code: 'JIT603',
    seen: say`Azure could not be reached: the agent's proxy, ${given}, is not an HTTP or HTTPS URL.`,
    remedy: 'Configure the agent with a URL such as http://proxy.contoso.com:8080 (--proxyurl).',
  });

/** Logged once, before anything is sent. */
export const proxyInUse = (proxy: string, username: string | undefined, isConfigured: boolean): string =>
  say`Proxy: ${proxy}, from ${isConfigured ? 'the configuration of the agent' : 'the variable Agent.ProxyUrl'}${username === undefined ? '' : `, with the user name ${username}`}.`;

/** A step or a pipeline has changed or cleared the agent's own variable. */
export const proxyReplaced = (named: string, configured: string): string =>
  say`The variable Agent.ProxyUrl ${named === '' ? 'is empty' : `names the proxy ${named}`}, but the agent is configured with ${configured}. The task uses ${configured}. Find the step that sets the variable.`;

export const proxyUnused = (variable: string, host: string): string =>
  say`The environment variable ${variable} names a proxy (${host}), which this task does not use. If Azure can be reached only through this proxy, configure the agent with it (--proxyurl).`;

export const authoritiesInUse = (files: readonly string[]): string =>
  say`Certificate authorities: the built-in ones of Node, and those in ${listText(files)}.`;

export const authoritiesUnreadable = (file: string, reason: string): string =>
  say`The certificate file that the agent is configured with, ${file}, cannot be read (${reason}). Only the built-in certificate authorities of Node are trusted. Configure the agent with a readable file in PEM format (--sslcacert).`;

export const authoritiesOfJob = (file: string, folder: string): string =>
  say`The certificate file that the agent is configured with, ${file}, is not used, because it is in ${folder}, where jobs and repositories can write. Only the built-in certificate authorities of Node are trusted. Move the file to another folder, and configure the agent with it (--sslcacert).`;

const BYPASS_PROBLEMS = {
  noExpression: 'it is not a regular expression',
  tooLong: 'it is too long',
  tooSlow: 'matching it takes too long',
} as const;

/** The maximum number of entries that a sentence names. */
const MOST_ENTRIES = 5;

/**
 * Entries of a bypass list that cannot be used. Only some are named, because the agent shows few warnings of a step.
 */
export function bypassUseless(
  entries: readonly { readonly entry: string; readonly problem: keyof typeof BYPASS_PROBLEMS }[],
): string {
  const named = entries
    .slice(0, MOST_ENTRIES)
    .map(({ entry, problem }) => say`${entry} (${BYPASS_PROBLEMS[problem]})`);
  const more = entries.length - named.length;
  const list = listText(more > 0 ? [...named, `${String(more)} more`] : named);
  return `${entries.length === 1 ? 'One entry' : `${String(entries.length)} entries`} of the agent's proxy bypass list cannot be used: ${list}. To match all hosts of a domain, use an entry such as .*\\.contoso\\.com.`;
}

export const bypassListUnreadable = (): string =>
  "The agent's proxy bypass list is not used: it is not a JSON array.";

const CERTIFICATE_PROBLEMS = {
  noCertificate: 'contains no readable certificate',
  noKey: 'has no private key',
  encryptedKey: 'has an encrypted private key',
  badKey: 'has a private key that is not an RSA key or cannot be read',
  otherKey: 'has the private key of another certificate',
} as const;

export const certificateUnusable = (
  connection: string,
  problem: keyof typeof CERTIFICATE_PROBLEMS,
): CodedError =>
  new CodedError({
    code: 'JIT201',
    seen: say`The certificate of the service connection ${connection} ${CERTIFICATE_PROBLEMS[problem]}, so the sign-in is not possible.`,
    remedy:
      'Save the certificate and its private key in the service connection, together in PEM format. The key must be an RSA key and not encrypted.',
  });

/** A host that a service connection names for a known cloud, which uses other hosts. */
export interface ForeignHost {
  /** What the connection names the host for. */
  readonly what: string;
  readonly host: string;
  /** The hosts that the cloud uses. */
  readonly hosts: readonly string[];
}

export const foreignHosts = (
  connection: string,
  cloud: string,
  foreign: readonly ForeignHost[],
): CodedError =>
  new CodedError({
    code: 'JIT201',
    seen: foreign
      .map(
        ({ what, host, hosts }) =>
          say`The service connection ${connection} names ${host} for ${what}. The cloud ${cloud} uses ${listText(hosts)}.`,
      )
      .join(' '),
    remedy:
      'Nothing was sent to that host. An earlier step might have changed the connection with the logging command task.setendpoint: find that step. For a private cloud, select the environment Azure Stack in the service connection.',
  });

/** JIT201 after the job: a later step changed the connection. `before` and `now`: its URLs. */
export const connectionChanged = (
  connection: string,
  before: readonly string[],
  now: readonly string[],
): CodedError =>
  new CodedError({
    code: 'JIT201',
    seen: say`The service connection ${connection} named ${listText(before)} when this step opened ports, and now names ${listText(now)}.`,
    remedy:
      'Nothing was sent to the new hosts. A later step changed the connection with the logging command task.setendpoint: find that step.',
  });

/** Logged before the first sign-in if only the connection names the hosts. */
export const hostsOf = (cloud: string, resourceManager: string, signIn: string): string =>
  say`The service connection is for the cloud ${cloud}: Azure Resource Manager at ${resourceManager}, sign-in at ${signIn}.`;

const VARIABLES =
  "The job's token was not sent there. Find a pipeline variable with a name such as System.OidcRequestUri or System.CollectionUri, in the pipeline or set by an earlier step, and remove it: the agent sets these variables itself.";

export const oidcElsewhere = (requested: string, home: string): CodedError =>
  new CodedError({
    code: 'JIT203',
    seen: say`The pipeline variables name ${requested} as the source of the OIDC token, but the agent's connection to Azure DevOps uses ${home}.`,
    remedy: VARIABLES,
  });

export const oidcInsecure = (requested: string, home: string): CodedError =>
  new CodedError({
    code: 'JIT203',
    seen: say`The pipeline variables name ${requested} as the source of the OIDC token, which is not an HTTPS URL. The agent's connection to Azure DevOps uses ${home}.`,
    remedy: VARIABLES,
  });
