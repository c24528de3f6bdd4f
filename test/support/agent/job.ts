import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createContainer } from './container';
import type { Container, ContainerOptions } from './container';
import { connectionSecrets, identify } from './connections';
import type { Connection, IdentifiedConnection } from './connections';
import type { GivenInputs } from './inputs';
import { COLLECTION_URI, predefinedVariables, toJobFolders } from './predefined';
import type { HostKind, JobFolders } from './predefined';
import type { Secrets } from './secrets';
import { toCancelVariables } from './cancelTimes';
import type { CancelTimes } from './cancelTimes';
import { createVariables, createVariablesWith } from './variables';
import type { VariableValue, Variables } from './variables';

/** The proxy that an agent is configured with. */
export interface ProxySettings {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** Regular expressions for URLs that bypass the proxy. */
  readonly bypass?: readonly string[];
}

/** A step in a pipeline, and the settings of the agent that runs it. */
export interface StepOptions {
  /**
   * The name of the step in the pipeline, which is the prefix of its outputs in the variables of the job. Default:
   * `jit`.
   */
  readonly name?: string;
  /** By name or alias. A connection is given by its name in `connections`. */
  readonly inputs?: GivenInputs;
  readonly connections?: Readonly<Record<string, Connection>>;
  /** Added to the predefined variables. `undefined` removes one. */
  readonly variables?: Readonly<Record<string, VariableValue | undefined>>;
  /** A YAML pipeline (`build`, the default) or a classic release. */
  readonly host?: HostKind;
  readonly proxy?: ProxySettings;
  /** A PEM file that the agent trusts in addition. */
  readonly caFile?: string;
  /** The agent's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The cancel times, as variables of the pipeline configure them. */
  readonly cancelTimes?: CancelTimes;
  /** What earlier processes of the step have saved. */
  readonly taskVariables?: Readonly<Record<string, string>>;
  /** The job's own token for Azure DevOps. It is generated if absent. */
  readonly systemToken?: string;
  /** An agent from before July 2026, on which variables are set after inputs and connections and replace them. */
  readonly variablesLast?: boolean;
  /** Adds what a repository or an earlier step put into the job's folders, and returns the variables that name it. */
  readonly prepare?: (folders: JobFolders) => Readonly<Record<string, VariableValue>>;
  /** Set if the job runs in a container. `env` is then the environment of the image. */
  readonly container?: ContainerOptions;
  /** The URL of the organization, in the agent's own connection to Azure DevOps and in the predefined variables. */
  readonly collectionUri?: string;
}

/** What the processes of one step share. */
export interface Job {
  readonly options: StepOptions;
  readonly folders: JobFolders;
  /** The container of the job, if it runs in one. */
  readonly container: Container | undefined;
  readonly connections: ReadonlyMap<string, IdentifiedConnection>;
  readonly systemToken: string;
  readonly collectionUri: string;
  readonly variables: Variables;
  readonly taskVariables: Variables;
  /** Functions that end what canceled steps have left running in the container. */
  readonly leftRunning: Set<() => void>;
}

/** Creates the folders, variables, and connections of a step, and registers every secret in them. */
export function createJob(root: string, options: StepOptions, secrets: Secrets): Job {
  const container = options.container && createContainer(root, options.container);
  const folders = container?.folders ?? toJobFolders(root);
  for (const folder of Object.values(folders) as string[]) mkdirSync(folder, { recursive: true });
  const systemToken = options.systemToken ?? `system-${randomUUID()}`;
  const collectionUri = options.collectionUri ?? COLLECTION_URI;
  const connections = identify(options.connections ?? {});
  const named = container?.agentFolders ?? folders;
  const variables = createVariablesWith(container?.translate ?? ((value) => value), [
    predefinedVariables(options.host ?? 'build', named, systemToken, collectionUri),
    proxyVariables(options.proxy),
    options.caFile === undefined ? {} : { 'Agent.CAInfo': options.caFile },
    options.cancelTimes === undefined ? {} : toCancelVariables(options.cancelTimes),
    options.variables ?? {},
    options.prepare?.(folders) ?? {},
  ]);
  secrets.add(systemToken);
  for (const { value, secret } of variables.all()) if (secret) secrets.add(value);
  for (const connection of connections.values()) connectionSecrets(connection).forEach(secrets.add);
  const taskVariables = createVariables(options.taskVariables ?? {});
  return {
    ...{ options, folders, container, connections, systemToken, collectionUri, variables, taskVariables },
    leftRunning: new Set(),
  };
}

function proxyVariables(proxy: ProxySettings | undefined): Record<string, VariableValue> {
  if (proxy === undefined) return {};
  const { url, username, password, bypass = [] } = proxy;
  return {
    'Agent.ProxyUrl': url,
    'Agent.ProxyBypassList': JSON.stringify(bypass),
    ...(username === undefined ? {} : { 'Agent.ProxyUsername': username }),
    ...(password === undefined ? {} : { 'Agent.ProxyPassword': { value: password, secret: true } }),
  };
}
