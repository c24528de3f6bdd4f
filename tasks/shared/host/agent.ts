import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { proxyPassword } from './secretVariables';
import * as tl from 'azure-pipelines-task-lib/task';
import { safeText } from '../domain/text';
import type { CodedError } from '../errors';
import type { Log } from '../world';
import type { Proxy } from './routes';

/** Reads an input by the name that task.json gives it; empty when it is not set. */
export const readInput = (name: string): string => tl.getInput(name) ?? '';

/** Reads a variable of the pipeline; empty when it is not set. */
export const readVariable = (name: string): string => quietly(() => tl.getVariable(name) ?? '');

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

/** The agent's proxy for a URL, unless its bypass list names it. */
export function proxyFor(url: string): Proxy | undefined {
  return quietly(() => {
    const found = tl.getHttpProxyConfiguration(url);
    return found
      ? { url: found.proxyUrl, username: found.proxyUsername, password: proxyPassword }
      : undefined;
  });
}

/** Where Azure DevOps gives OIDC tokens for this job, and the job's own token. */
export function readOidcSource(): { url: string | undefined; jobToken: string | undefined } {
  const given = readVariable('System.OidcRequestUri');
  const jobToken = readConnection('SYSTEMVSSCONNECTION').parameter('AccessToken') || undefined;
  if (given) return { url: given, jobToken };
  const names = ['CollectionUri', 'TeamProjectId', 'HostType', 'PlanId', 'JobId'].map(
    (name) => `System.${name}`,
  );
  const [collection = '', project = '', hub = '', plan = '', job = ''] = names.map(readVariable);
  if ([collection, project, hub, plan, job].includes('')) return { url: undefined, jobToken };
  const base = collection.replace(/\/+$/, '');
  return {
    url: `${base}/${project}/_apis/distributedtask/hubs/${hub}/plans/${plan}/jobs/${job}/oidctoken`,
    jobToken,
  };
}

/** Declares an output of this step: `$(step.name)`. */
export function setOutput(name: string, value: string): void {
  tl.setVariable(name, value, false, true);
}

/** What an earlier attempt or stage of this step noted; empty when nothing was. */
export const readNote = (name: string): string => tl.getTaskVariable(name) ?? '';

/** Notes something for later attempts and stages of this step. Not for secrets. */
export const writeNote = (name: string, value: string): void => {
  tl.setTaskVariable(name, value);
};

/** Shows Markdown on the run's page. The file stays: the agent reads it after the task has ended. */
export function showSummary(markdown: string): void {
  const folder = readVariable('Agent.TempDirectory') || tmpdir();
  const own = join(folder, `jit-${randomUUID()}`);
  mkdirSync(own);
  // The file's name is the heading of the section.
  const file = join(own, 'Just-in-time VM access.md');
  writeFileSync(file, markdown, 'utf8');
  tl.uploadSummary(file);
}

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
  detail: (text) => {
    tl.debug(text);
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
function quietly<T>(read: () => T): T {
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
