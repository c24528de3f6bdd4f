import type { Arm } from '../azure/arm';
import { connectAzure } from '../azure/azure';
import { parseConnection, type Connection } from '../azure/connection';
import { findOtherProxy, readAgentProxy } from '../host/agentProxy';
import { readAuthorities, trustedAuthorities } from '../host/authorities';
import { jobFolders } from '../host/folders';
import type { Host, ServiceConnection } from '../host/host';
import { readOidcSource } from '../host/oidcSource';
import { createRoutes, type Routes } from '../host/routes';
import { findCertificateProblem } from '../host/signInCertificate';
import * as say from '../messages/routes';
import { pausing } from '../messages/retries';

/** The connection to Azure, as the agent reaches it. */
export interface Connected {
  readonly arm: Arm;
  readonly connection: Connection;
  readonly routes: Routes;
}

/**
 * Connects the agent to Azure with a service connection. Before anything is sent, logs which proxy and which
 * certificate authorities are in use, and the hosts of an unknown cloud. Throws JIT201 if the connection cannot be
 * used, and JIT603 if the proxy's address is invalid.
 */
export function connect(host: Host, given: ServiceConnection, signal: AbortSignal): Connected {
  const connection = parseConnection(given);
  const { cloud, identity, armUrl, authorityUrl } = connection;
  if (identity.kind === 'certificate') {
    const problem = findCertificateProblem(identity.certificate);
    if (problem) throw say.certificateUnusable(connection.id, problem);
  }
  if (!cloud.known) host.log.line(say.hostsOf(cloud.name, hostOf(armUrl), hostOf(authorityUrl)));
  const routes = createRoutes(findProxy(host), findAuthorities(host));
  const arm = connectAzure({
    connection,
    routes,
    oidc: readOidcSource(host),
    clock: host.clock,
    announce: ({ reason, waitMs }) => {
      host.log.line(pausing(reason, waitMs));
    },
    onVersion: ({ type, refused, taken }) => {
      host.debug(`${type}: this cloud does not offer the api-version ${refused}. ${taken} is used instead.`);
    },
    onSecret: (secret) => {
      host.maskSecret(secret);
    },
    signal,
  });
  return { arm, connection, routes };
}

function findProxy(host: Host): Parameters<typeof createRoutes>[0] {
  const found = readAgentProxy(host);
  if (found) {
    host.log.line(say.proxyInUse(found.proxy.url, found.proxy.username, found.isConfigured));
    return found.proxyFor;
  }
  const other = findOtherProxy();
  if (other) host.log.line(say.proxyUnused(other.variable, other.host));
  return () => undefined;
}

function findAuthorities(host: Host): Parameters<typeof createRoutes>[1] {
  const file = host.readVariable('Agent.CAInfo');
  const pem = file === '' ? undefined : readAgentsAuthorities(host, file);
  const { secureContext, extra } = trustedAuthorities(pem);
  const files = [...(pem === undefined ? [] : [file]), ...extra];
  if (files.length > 0) host.log.line(say.authoritiesInUse(files));
  return secureContext;
}

function readAgentsAuthorities(host: Host, file: string): string | undefined {
  const found = readAuthorities(file, jobFolders(host));
  switch (found.kind) {
    case 'trusted':
      return found.pem;
    case 'unreadable':
      host.log.warning(say.authoritiesUnreadable(file, found.reason));
      return undefined;
    case 'ofJob':
      host.log.warning(say.authoritiesOfJob(file, found.folder));
      return undefined;
  }
}

const hostOf = (url: string): string => new URL(url).host;
