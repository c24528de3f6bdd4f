import type { Arm } from '../azure/arm';
import { connectAzure } from '../azure/azure';
import { parseConnection, type Connection } from '../azure/connection';
import * as agent from '../host/agent';
import { findOtherProxy, readAgentProxy } from '../host/agentProxy';
import { readAuthorities, trustedAuthorities } from '../host/authorities';
import { systemClock } from '../host/clock';
import { createWays, type Ways } from '../host/routes';
import { findCertificateProblem } from '../host/signInCertificate';
import * as say from '../messages/routes';
import { pausing } from '../messages/retries';

/** Azure, as the agent reaches it. */
export interface Connected {
  readonly arm: Arm;
  readonly connection: Connection;
  readonly ways: Ways;
}

/**
 * Connects the agent with Azure by way of a service connection. Says which proxy and which certificate authorities are
 * in use, and the hosts of a cloud that nobody else knows: all before anything is sent. Throws JIT201 when the connection
 * is of no use, JIT603 when the proxy's address is.
 */
export function connect(given: agent.AgentConnection, signal: AbortSignal): Connected {
  const connection = parseConnection(given);
  const { cloud, identity, armUrl, authorityUrl } = connection;
  if (identity.kind === 'certificate') {
    const problem = findCertificateProblem(identity.certificate);
    if (problem) throw say.certificateUnusable(connection.id, problem);
  }
  if (!cloud.known) agent.agentLog.line(say.hostsOf(cloud.name, hostOf(armUrl), hostOf(authorityUrl)));
  const ways = createWays(findProxy(), findAuthorities());
  const arm = connectAzure({
    connection,
    routes: ways,
    oidc: agent.readOidcSource(),
    clock: systemClock,
    announce: ({ reason, waitMs }) => {
      agent.agentLog.line(pausing(reason, waitMs));
    },
    onVersion: ({ type, refused, taken }) => {
      agent.debug(`${type}: this cloud does not have the api-version ${refused}; ${taken} is used.`);
    },
    onSecret: agent.maskSecret,
    signal,
  });
  return { arm, connection, ways };
}

function findProxy(): Parameters<typeof createWays>[0] {
  const found = readAgentProxy((text) => {
    agent.agentLog.warning(text);
  });
  if (found) {
    agent.agentLog.line(say.proxyInUse(found.proxy.url, found.proxy.username));
    return found.proxyFor;
  }
  const other = findOtherProxy();
  if (other) agent.agentLog.line(say.proxyUnused(other.variable, other.host));
  return () => undefined;
}

function findAuthorities(): Parameters<typeof createWays>[1] {
  const file = agent.readVariable('Agent.CAInfo');
  const pem = file === '' ? undefined : readAgentsAuthorities(file);
  const { secureContext, extra } = trustedAuthorities(pem);
  const files = [...(pem === undefined ? [] : [file]), ...extra];
  if (files.length > 0) agent.agentLog.line(say.authoritiesInUse(files));
  return secureContext;
}

function readAgentsAuthorities(file: string): string | undefined {
  const found = readAuthorities(file, agent.jobFolders());
  switch (found.kind) {
    case 'trusted':
      return found.pem;
    case 'unreadable':
      agent.agentLog.warning(say.authoritiesUnreadable(file, found.reason));
      return undefined;
    case 'ofJob':
      agent.agentLog.warning(say.authoritiesOfJob(file, found.folder));
      return undefined;
  }
}

const hostOf = (url: string): string => new URL(url).host;
