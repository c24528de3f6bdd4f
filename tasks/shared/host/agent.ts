import './first';
import { setMaxListeners } from 'node:events';
import { Writable } from 'node:stream';
import { environment } from './environment';
import * as tl from 'azure-pipelines-task-lib/task';
import { isJson, type Json } from '../core/json';
import type { Log } from '../core/log';
import { partSigns, safeText } from '../core/text';
import { ambiguousVariables, replacingVariables } from '../messages/environment';
import { cancellationSignal } from './cancellation';
import { systemClock } from './clock';
import type { Host, ServiceConnection } from './host';
import { proxyUrl } from './secretVariables';
import { environmentForm } from './variables';

// Every call and every wait adds a listener to a signal. Many listeners are not a leak, and Node would log a warning.
setMaxListeners(0);

/** The log of the step. Ordinary lines pass the filter that removes logging commands from foreign text. */
const log: Log = {
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

/** The agent of Azure Pipelines, through its task library. */
export const agentHost: Host = {
  log,
  clock: systemClock,
  time: () => Date.now(),
  cancelled: cancellationSignal(),
  ignoredVariables: environment.ignored,
  readInput(name) {
    const variable = environment.replacing.get(`INPUT_${environmentForm(name)}`);
    if (variable !== undefined) throw replacingVariables([variable]);
    const value = quietly(() => tl.getInput(name)) ?? '';
    // The library would write the value unescaped.
    tl.debug(`${name}=${partSigns(value, '# ')}`);
    return value;
  },
  readVariable: (name) => (name === 'Agent.ProxyUrl' ? proxyUrl : quietly(() => tl.getVariable(name) ?? '')),
  checkVariables() {
    const { ambiguous, replacing } = environment;
    if (ambiguous.length > 0) throw ambiguousVariables(ambiguous);
    const connections = [...replacing].flatMap(([form, name]) => (form.startsWith('INPUT_') ? [] : [name]));
    if (connections.length > 0) throw replacingVariables(connections);
  },
  readConnection: (id) => quietly(() => readConnection(id)),
  readTaskVariable: (name) => quietly(() => tl.getTaskVariable(name) ?? ''),
  setTaskVariable: (name, text) => {
    tl.setTaskVariable(name, text);
  },
  maskSecret(secret) {
    // Line by line, because the agent does not mask several lines at once.
    for (const line of secret.split(/\r?\n/)) if (line.trim()) tl.setSecret(line.trim());
  },
  debug: (text) => {
    tl.debug(text);
  },
  setOutput: (name, text) => {
    tl.setVariable(name, text, false, true);
  },
  showSummary: (file) => {
    tl.uploadSummary(file);
  },
  attach: (type, name, file) => {
    tl.addAttachment(type, name, file);
  },
  onUncaught(report) {
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.removeAllListeners(event);
      process.on(event, report);
    }
  },
  setResult(failure, issue) {
    if (failure) tl.setResult(tl.TaskResult.Failed, failure.message);
    else if (issue !== undefined) tl.setResult(tl.TaskResult.SucceededWithIssues, issue);
    else tl.setResult(tl.TaskResult.Succeeded, '');
  },
  leave() {
    process.stdout.write('', () => process.exit(0));
  },
};

function readConnection(id: string): ServiceConnection {
  const { scheme, parameters } = readAuthorization(id);
  const given = new Map(
    Object.entries(isJson(parameters) ? parameters : {}).map(([key, value]) => [key.toLowerCase(), value]),
  );
  return {
    id,
    url: tl.getEndpointUrl(id, true) ?? '',
    scheme: textOf(scheme),
    parameter: (key) => textOf(given.get(key.toLowerCase())),
    property: (key) => quietly(() => tl.getEndpointDataParameter(id, key, true) ?? ''),
  };
}

/** Returns no fields if it is not a JSON object: on an older agent, a variable of the pipeline can contain anything. */
function readAuthorization(id: string): Json {
  try {
    const found: unknown = tl.getEndpointAuthorization(id, true);
    return isJson(found) ? found : {};
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Discards the output of the library, which writes the values that it reads to the debug log, including secrets. */
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
