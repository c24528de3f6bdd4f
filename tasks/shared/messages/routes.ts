import { listText, say } from '../core/text';
import { CodedError } from '../core/errors';

/** A proxy gave no way to a host: what it answered is its own, and none of Azure's. */
export class ProxyRefusedError extends CodedError {
  readonly status: number;

  constructor(host: string, proxy: string, status: number, options?: { cause?: unknown }) {
    super(
      {
        code: 'JIT603',
        seen: say`${host} was not reached: ${proxyAnswer(proxy, status)}.`,
        remedy:
          status === 407
            ? 'Configure the agent with a name and a password that the proxy accepts (--proxyusername, --proxypassword).'
            : 'Let the proxy pass https connections to this host, or put the host on the bypass list of the agent.',
      },
      options,
    );
    this.status = status;
  }
}

/** What a proxy said in place of opening a way. */
export const proxyAnswer = (proxy: string, status: number): string =>
  status === 407
    ? say`the proxy ${proxy} asks for credentials that it accepts (407)`
    : say`the proxy ${proxy} answered CONNECT ${status === 0 ? 'without a status' : `with status ${String(status)}`}`;

export const badProxy = (given: string): CodedError =>
  new CodedError({
    code: 'JIT603',
    seen: say`Azure was not reached: the agent's proxy, ${given}, is no http or https address.`,
    remedy: 'Configure the agent with an address such as http://proxy.contoso.com:8080 (--proxyurl).',
  });

/** Said once, before anything is sent. */
export const proxyInUse = (proxy: string, username: string | undefined): string =>
  say`Proxy: ${proxy}, as the agent is configured${username === undefined ? '' : `, with the user name ${username}`}.`;

export const proxyUnused = (variable: string, host: string): string =>
  say`The environment names a proxy in ${variable} (${host}), which this task does not use. When Azure can be reached through it only, configure the agent with it (--proxyurl).`;

export const authoritiesInUse = (files: readonly string[]): string =>
  say`Certificate authorities: Node's own, and those in ${listText(files)}.`;

export const authoritiesUnreadable = (file: string, reason: string): string =>
  say`The file of certificates that the agent names, ${file}, cannot be read (${reason}). Only Node's own certificate authorities are trusted; configure the agent with a file in PEM form that it can read (--sslcacert).`;

export const authoritiesOfJob = (file: string, folder: string): string =>
  say`The file of certificates that the agent names, ${file}, is not used, because it lies in ${folder}, where jobs and repositories write. Only Node's own certificate authorities are trusted; keep the file elsewhere and configure the agent with it (--sslcacert).`;

const BYPASS_PROBLEMS = {
  noExpression: 'it is no regular expression',
  tooLong: 'it is too long',
  tooSlow: 'it takes too long to compare it with an address',
} as const;

export const bypassUseless = (entry: string, problem: keyof typeof BYPASS_PROBLEMS): string =>
  say`The entry ${entry} of the agent's proxy bypass list is not used: ${BYPASS_PROBLEMS[problem]}. An entry for all hosts of a domain is .*\.contoso\.com.`;

export const bypassListUnreadable = (): string =>
  "The agent's proxy bypass list is not used: it is no list in JSON.";

const CERTIFICATE_PROBLEMS = {
  noCertificate: 'holds no certificate that can be read',
  noKey: 'has no private key beside it',
  encryptedKey: 'has a private key that is encrypted',
  badKey: 'has a private key that is no RSA key, or cannot be read',
  otherKey: 'has the private key of another certificate beside it',
} as const;

export const certificateUnusable = (
  connection: string,
  problem: keyof typeof CERTIFICATE_PROBLEMS,
): CodedError =>
  new CodedError({
    code: 'JIT201',
    seen: say`The certificate of the service connection ${connection} ${CERTIFICATE_PROBLEMS[problem]}, so that it cannot sign in.`,
    remedy:
      'Put the certificate and its private key into the service connection, as one text in PEM form; the key must be RSA and not encrypted.',
  });

/** A host that a service connection names for a known cloud, which has others. */
export interface ForeignHost {
  /** What the host would be. */
  readonly what: string;
  readonly host: string;
  /** What the cloud has. */
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
          say`The service connection ${connection} names ${host} for ${what}, which is no host of the cloud ${cloud} (${listText(hosts)}).`,
      )
      .join(' '),
    remedy:
      'Nothing was sent there. A step that ran before may have changed the connection with the logging command task.setendpoint: find out which. For a cloud of your own, choose the environment Azure Stack in the service connection.',
  });

/** Said before the first sign-in where nobody but the connection knows the hosts. */
export const hostsOf = (cloud: string, resourceManager: string, signIn: string): string =>
  say`The service connection is for the cloud ${cloud}: Azure Resource Manager at ${resourceManager}, sign-in at ${signIn}.`;

const VARIABLES =
  "The job's token was not sent there. Look for a pipeline variable named System.OidcRequestUri, System.CollectionUri or the like, in the pipeline or set by a step that ran before, and take it away: the agent sets these by itself.";

export const oidcElsewhere = (requested: string, home: string): CodedError =>
  new CodedError({
    code: 'JIT203',
    seen: say`The variables of the pipeline say to get the OIDC token from ${requested}, which is not where the agent's own connection to Azure DevOps leads: ${home}.`,
    remedy: VARIABLES,
  });

export const oidcInsecure = (requested: string, home: string): CodedError =>
  new CodedError({
    code: 'JIT203',
    seen: say`The variables of the pipeline say to get the OIDC token from ${requested}, which is not https; the agent's own connection to Azure DevOps leads to ${home}.`,
    remedy: VARIABLES,
  });
