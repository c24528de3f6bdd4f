import { randomUUID } from 'node:crypto';
import { toEnvironmentName } from './variables';

/** A service connection as the service passes it to the agent. */
export interface Connection {
  /** A GUID in lower case. It is generated if absent. */
  readonly id?: string;
  readonly url?: string;
  /** Absent in very old connections, which are service principals. */
  readonly scheme?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>;
}

export interface IdentifiedConnection extends Connection {
  readonly id: string;
}

/** The ID of the agent's own connection to Azure DevOps. */
export const SYSTEM_CONNECTION = 'SYSTEMVSSCONNECTION';

/** Adds an ID to every connection that has none. */
export function identify(
  connections: Readonly<Record<string, Connection>>,
): Map<string, IdentifiedConnection> {
  return new Map(
    Object.entries(connections).map(([name, given]) => [name, { ...given, id: given.id ?? randomUUID() }]),
  );
}

/** Returns the environment variables of one connection. (azure-pipelines-agent, Handler.AddEndpointsToEnvironment) */
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

/** Parameters that identify an account or the kind of the connection, and are not secret. */
const HARMLESS = ['tenantid', 'serviceprincipalid', 'authenticationtype', 'scope', 'accesstokentype'];

/** Returns the values of a connection that must never be visible. */
export function connectionSecrets({ parameters = {} }: Connection): string[] {
  return Object.entries(parameters)
    .filter(([key]) => !HARMLESS.includes(key.toLowerCase()))
    .map(([, value]) => value);
}
