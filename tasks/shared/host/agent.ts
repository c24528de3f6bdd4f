import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { environment } from './environment';
import './keyFolder';
import './secretVariables';
import * as tl from 'azure-pipelines-task-lib/task';
import { safeText } from '../core/text';
import type { CodedError } from '../core/errors';
import { ambiguousVariables, ignoredVariables, replacingVariables } from '../messages/environment';
import type { Log } from '../core/log';
import { environmentForm, type VariableName } from './variables';

/**
 * Reads an input by the name that task.json gives it; empty when it is not set. Throws JIT101 when an old agent may have
 * put a variable in its place.
 */
export function readInput(name: string): string {
  const variable = environment.replacing.get(`INPUT_${environmentForm(name)}`);
  if (variable !== undefined) throw replacingVariables([variable]);
  return tl.getInput(name) ?? '';
}

/** Reads a variable of the pipeline; empty when it is not set. */
export const readVariable = (name: VariableName): string => quietly(() => tl.getVariable(name) ?? '');

/**
 * Throws JIT101 when variables of the pipeline leave it open what a step was given: two of one name in the environment,
 * or one that may stand in the place of a connection.
 */
export function checkVariables(): void {
  const { ambiguous, replacing } = environment;
  if (ambiguous.length > 0) throw ambiguousVariables(ambiguous);
  const connections = [...replacing].flatMap(([form, name]) => (form.startsWith('INPUT_') ? [] : [name]));
  if (connections.length > 0) throw replacingVariables(connections);
}

/** Names the variables of the pipeline that were taken out of the environment, in one warning. */
export function nameIgnoredVariables(): void {
  if (environment.ignored.length > 0) agentLog.warning(ignoredVariables(environment.ignored));
}

/** Masks a secret from here on, line by line because the agent takes no more at once. */
export function maskSecret(secret: string): void {
  for (const line of secret.split(/\r?\n/)) {
    if (line.trim()) tl.setSecret(line.trim());
  }
}

/** A service connection as the agent hands it over. Keys are looked up without regard to case. */
export interface AgentConnection {
  readonly id: string;
  readonly url: string;
  readonly scheme: string;
  parameter(key: string): string;
  property(key: string): string;
}

/** Reads the service connection with this id; an unknown id gives one in which everything is empty. */
export function readConnection(id: string): AgentConnection {
  return quietly(() => {
    const authorization = tl.getEndpointAuthorization(id, true);
    const parameters = new Map(
      Object.entries(authorization?.parameters ?? {}).map(([key, value]) => [key.toLowerCase(), value]),
    );
    return {
      id,
      url: tl.getEndpointUrl(id, true) ?? '',
      scheme: authorization?.scheme ?? '',
      parameter: (key) => parameters.get(key.toLowerCase()) ?? '',
      property: (key) => quietly(() => tl.getEndpointDataParameter(id, key, true) ?? ''),
    };
  });
}

/** The URL of the agent's own connection to Azure DevOps: the one thing about the organization that no variable tells. */
export const readHome = (): string => readConnection('SYSTEMVSSCONNECTION').url;

/** Where Azure DevOps gives OIDC tokens for this job, and the job's own token. */
export function readOidcSource(): { url: string | undefined; home: string; jobToken: string | undefined } {
  const given = readVariable('System.OidcRequestUri');
  const home = readHome();
  const jobToken = readConnection('SYSTEMVSSCONNECTION').parameter('AccessToken') || undefined;
  if (given) return { url: given, home, jobToken };
  const names = ['CollectionUri', 'TeamProjectId', 'HostType', 'PlanId', 'JobId'] as const;
  const [collection = '', project = '', hub = '', plan = '', job = ''] = names.map((name) =>
    readVariable(`System.${name}`),
  );
  if ([collection, project, hub, plan, job].includes('')) return { url: undefined, home, jobToken };
  const base = collection.replace(/\/+$/, '');
  return {
    url: `${base}/${project}/_apis/distributedtask/hubs/${hub}/plans/${plan}/jobs/${job}/oidctoken`,
    home,
    jobToken,
  };
}

/** The folders that jobs write, by the agent's own variables. Most lie in the first, unless the job runs in a container. */
export const jobFolders = (): readonly string[] =>
  (
    [
      'Agent.WorkFolder',
      'Agent.BuildDirectory',
      'Agent.TempDirectory',
      'System.DefaultWorkingDirectory',
      'Build.SourcesDirectory',
      'Pipeline.Workspace',
    ] as const
  )
    .map(readVariable)
    .filter((folder) => folder !== '');

/**
 * The folder that files for later steps go to: the one given, from the job's working folder when it is relative; else
 * where the agent keeps what is to be published, or its folder for temporary files.
 */
export function outputFolder(given: string): string {
  const working = readVariable('System.DefaultWorkingDirectory');
  const staging = readVariable('Build.ArtifactStagingDirectory');
  const temporary = readVariable('Agent.TempDirectory');
  return given === '' ? staging || temporary || working : resolve(working, given);
}

/** The agent's own folders: below them, a link to another folder may have come with a repository. */
export const workFolders = (): readonly string[] =>
  (['Agent.WorkFolder', 'Agent.BuildDirectory', 'System.DefaultWorkingDirectory'] as const)
    .map(readVariable)
    .filter(Boolean);

/** Ends the step: succeeded, or failed with a code. To be called once. */
export function setResult(failure: CodedError | undefined): void {
  if (failure) tl.setResult(tl.TaskResult.Failed, failure.message);
  else tl.setResult(tl.TaskResult.Succeeded, '');
}

/** The log of the step. Ordinary lines pass the filter that takes logging commands out of foreign text. */
export const agentLog: Log = {
  line: (text) => {
    tl.writeExternalOutput(`${text}\n`, { source: 'remote' });
  },
  warning: (text) => {
    tl.warning(text);
  },
  group: (title) => {
    process.stdout.write(`##[group]${safeText(title)}\n`);
  },
  endGroup: () => {
    process.stdout.write('##[endgroup]\n');
  },
  progress: (percent, doing) => {
    tl.setProgress(Math.round(percent), doing);
  },
};

/** A line for the debug log, which the agent shows where `System.Debug` is set. Without foreign text. */
export const debug = (text: string): void => {
  tl.debug(text);
};

/** Exceptions that nobody caught go to `report` instead of the library's own stack trace and result. */
export function onUncaught(report: (error: unknown) => void): void {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.removeAllListeners(event);
    process.on(event, report);
  }
}

/** Ends the process after everything written has left it. A reported failure has exit code 0 as well. */
export function leave(): void {
  process.stdout.write('', () => process.exit(0));
}

/** The library writes the values that it reads to the debug log, secrets too. */
export function quietly<T>(read: () => T): T {
  tl.setStdStream(nowhere);
  try {
    return read();
  } finally {
    tl.setStdStream(process.stdout);
  }
}

const nowhere = new Writable({
  write(_chunk, _encoding, done) {
    done();
  },
});
