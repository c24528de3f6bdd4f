import { randomUUID } from 'node:crypto';
import { toEnvironmentName } from './variables';

/** A service connection as the service hands it to the agent. */
export interface Connection {
  /** A lower-case GUID; made up when absent. */
  readonly id?: string;
  readonly url?: string;
  /** Absent in very old connections: a service principal then. */
  readonly scheme?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
}

export interface IdentifiedConnection extends Connection {
  readonly id: string;
}

/** The id under which the connection of the agent itself to Azure DevOps appears. */
export const SYSTEM_CONNECTION = 'SYSTEMVSSCONNECTION';

/** Gives every connection its id. */
export function identify(
  connections: Readonly<Record<string, Connection>>,
): Map<string, IdentifiedConnection> {
  return new Map(
    Object.entries(connections).map(([name, given]) => [name, { ...given, id: given.id ?? randomUUID() }]),
  );
}

/** The environment variables of one connection. (azure-pipelines-agent, Handler.AddEndpointsToEnvironment) */
export function toConnectionEnvironment(connection: IdentifiedConnection): Record<string, string> {
  const { id, scheme, parameters = {}, data = {} } = connection;
  const environment: Record<string, string> = {
    [`ENDPOINT_URL_${id}`]: connection.url ?? 'https://management.azure.com/',
    [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ parameters, ...(scheme === undefined ? {} : { scheme }) }),
  };
  if (scheme !== undefined) environment[`ENDPOINT_AUTH_SCHEME_${id}`] = scheme;
  for (const [key, value] of Object.entries(parameters)) {
    environment[`ENDPOINT_AUTH_PARAMETER_${id}_${toEnvironmentName(key)}`] = value;
  }
  if (id === SYSTEM_CONNECTION) return environment;
  environment[`ENDPOINT_DATA_${id}`] = JSON.stringify(data);
  for (const [key, value] of Object.entries(data)) {
    environment[`ENDPOINT_DATA_${id}_${toEnvironmentName(key)}`] = value;
  }
  return environment;
}

/** Parameters that name somebody, or the kind of the connection, without letting anybody in. */
const HARMLESS = ['tenantid', 'serviceprincipalid', 'authenticationtype', 'scope', 'accesstokentype'];

/** What must never be seen of a connection. */
export function connectionSecrets({ parameters = {} }: Connection): string[] {
  return Object.entries(parameters)
    .filter(([key]) => !HARMLESS.includes(key.toLowerCase()))
    .map(([, value]) => value);
}
