import { listText, say } from '../domain/text';
import { CodedError } from '../errors';

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

export const oidcElsewhere = (asked: string, home: string): CodedError =>
  new CodedError({
    code: 'JIT203',
    seen: say`The variables of the pipeline say to get the OIDC token from ${asked}, which is not where the agent's own connection to Azure DevOps leads: ${home}.`,
    remedy: VARIABLES,
  });

export const oidcInsecure = (asked: string, home: string): CodedError =>
  new CodedError({
    code: 'JIT203',
    seen: say`The variables of the pipeline say to get the OIDC token from ${asked}, which is not https; the agent's own connection to Azure DevOps leads to ${home}.`,
    remedy: VARIABLES,
  });
