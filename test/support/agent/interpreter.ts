import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCommand } from './command';
import type { Command } from './command';
import { findMark, OWN_FORMAT } from './foreignMarks';
import type { JobFolders } from './predefined';
import type { Issue, StepRecord } from './record';
import { mergeResults, parseTaskResult } from './results';
import type { Secrets } from './secrets';
import type { TaskDefinition } from './taskDefinition';
import type { Variables } from './variables';

/** What the commands of a step can change. */
export interface StepContext {
  readonly definition: TaskDefinition;
  /** The name of the step in the pipeline. */
  readonly stepName: string;
  readonly variables: Variables;
  readonly taskVariables: Variables;
  readonly secrets: Secrets;
  readonly folders: JobFolders;
  readonly record: StepRecord;
  /** Converts a path in the job to the path on this machine. */
  readonly toMachine: (file: string) => string;
}

type Execute = (command: Command, context: StepContext) => void;

/** Processes one line of a task's output as the agent does: it executes a command, and shows every other line. */
export function readLine(line: string, context: StepContext): void {
  const { problems } = context.record;
  const command = parseCommand(line);
  const marked = findMark(command?.data ?? line.replace(OWN_FORMAT, ''));
  if (command === undefined) {
    if (marked === '##vso') warnOfKeyword(line, context);
    else {
      if (marked !== undefined) problems.push(`The line "${line}" has ${marked} in it.`);
      show(line, context);
    }
    return;
  }
  if (marked !== undefined) problems.push(`The text of ${command.name} has ${marked} in it: ${command.data}`);
  const execute = COMMANDS[command.name];
  if (execute === undefined) problems.push(`The agent knows no command "${command.name}".`);
  else execute(command, context);
}

function warnOfKeyword(line: string, context: StepContext): void {
  const message = `'${line}' contains logging command keyword '##vso', but it's not a legal command.`;
  addIssue({ type: 'warning', message }, context);
  context.record.problems.push(`The agent warns: ${message}`);
}

const COMMANDS: Readonly<Record<string, Execute>> = {
  'task.issue': logIssue,
  'task.logissue': logIssue,
  'task.complete': complete,
  'task.setvariable': setVariable,
  'task.settaskvariable': setTaskVariable,
  'task.setsecret': ({ data }, context) => {
    hide(data, context);
  },
  'task.setprogress': ({ properties, data }, { record }) => {
    record.progress.push({ percent: Number(properties.get('value')), text: data });
  },
  'task.uploadsummary': uploadSummary,
  'task.addattachment': addAttachment,
  'task.debug': ({ data }, context) => {
    if (context.variables.get('System.Debug')?.value.toLowerCase() === 'true')
      show(`##[debug]${data}`, context);
  },
};

/** The agent keeps ten issues of each type. (azure-pipelines-agent, ExecutionContext.AddIssue) */
const MOST_ISSUES = 10;

function logIssue({ properties, data }: Command, context: StepContext): void {
  const type = properties.get('type')?.toLowerCase();
  if (type !== 'error' && type !== 'warning') {
    context.record.problems.push(`An issue of type "${type ?? ''}" is neither an error nor a warning.`);
    return;
  }
  addIssue({ type, message: data }, context);
}

/** Shows an issue in the log, and keeps it unless the limit is reached. */
export function addIssue(issue: Issue, context: StepContext): void {
  const { issues } = context.record;
  const message = context.secrets.mask(issue.message);
  if (issues.filter(({ type }) => type === issue.type).length < MOST_ISSUES)
    issues.push({ ...issue, message });
  show(`##[${issue.type}]${issue.message}`, context);
}

function complete({ properties, data }: Command, { record }: StepContext): void {
  const word = properties.get('result');
  const result = parseTaskResult(word);
  record.completions += 1;
  record.message = data;
  if (result === undefined) record.problems.push(`"${word ?? ''}" is no result of a task.`);
  else record.reported = mergeResults(record.reported, result);
}

function setVariable({ properties, data }: Command, context: StepContext): void {
  const { definition, stepName, variables, record } = context;
  const name = properties.get('variable') ?? '';
  if (!isSettable(name, definition)) {
    record.problems.push(`The task may not set the variable "${name}".`);
    return;
  }
  const secret = isTrue(properties, 'issecret');
  if (secret) hide(data, context);
  else complainAboutSecrets(`The variable ${name}`, data, context);
  const declared = definition.outputVariables?.some((output) => output.name === name) === true;
  if (declared || isTrue(properties, 'isoutput')) {
    record.outputs[name] = data;
    // After this, it is in the environment of every process of the job.
    variables.set(`${stepName}.${name}`, data, secret, isTrue(properties, 'preservecase'));
  } else {
    record.variables[name] = data;
    variables.set(name, data, secret, isTrue(properties, 'preservecase'));
  }
}

function isSettable(name: string, { restrictions }: TaskDefinition): boolean {
  if (name === '') return false;
  const allowed = restrictions?.settableVariables?.allowed;
  const matches = (pattern: string): boolean =>
    pattern.endsWith('*')
      ? name.toLowerCase().startsWith(pattern.slice(0, -1).toLowerCase())
      : name.toLowerCase() === pattern.toLowerCase();
  return allowed === undefined || allowed.some(matches);
}

function setTaskVariable({ properties, data }: Command, context: StepContext): void {
  const name = properties.get('variable') ?? '';
  if (name === '') context.record.problems.push('A task variable has no name.');
  const secret = isTrue(properties, 'issecret');
  if (secret) hide(data, context);
  complainAboutSecrets(`The task variable ${name}`, data, context);
  context.taskVariables.set(name, data, secret, isTrue(properties, 'preservecase'));
}

function uploadSummary({ data }: Command, context: StepContext): void {
  const { record, folders, toMachine } = context;
  const file = toMachine(data);
  const way = path.relative(folders.temp, file);
  // On Windows, the relative path to another drive is absolute.
  const inside = path.isAbsolute(data) && !path.isAbsolute(way) && !way.startsWith('..');
  if (!inside) record.problems.push(`The summary ${data} does not lie in the temp folder.`);
  try {
    const text = readFileSync(file, 'utf8');
    complainAboutSecrets('The summary', text, context);
    record.summaries.push(text);
    record.summaryHeadings.push(path.basename(data, '.md'));
  } catch {
    record.problems.push(`The summary ${data} cannot be read.`);
  }
}

/**
 * The type and the name are required and must be valid in file names, and the file must exist. The agent queues the
 * file and reads it later. (azure-pipelines-agent, TaskAddAttachmentCommand)
 */
function addAttachment(
  { properties, data }: Command,
  { record, folders, variables, toMachine }: StepContext,
): void {
  const [type = '', name = ''] = ['type', 'name'].map((key) => properties.get(key));
  for (const text of [type, name])
    if (!/^[^"<>|:*?\\/\p{Cc}]+$/u.test(text))
      record.problems.push(`"${text}" is no type and no name of an attachment.`);
  const file = toMachine(data);
  const way = path.relative(folders.temp, file);
  // A test might have replaced the agent's own folder with another one.
  const isOwn = toMachine(variables.get('Agent.TempDirectory')?.value ?? '') === folders.temp;
  if (isOwn && (!path.isAbsolute(data) || path.isAbsolute(way) || way.startsWith('..')))
    record.problems.push(
      `The attachment ${data} does not lie in the temp folder, which lasts as long as the job.`,
    );
  if (!existsSync(file)) record.problems.push(`The attachment ${data} is not there.`);
  record.attachments.push({ type, name, file });
}

/** The agent accepts no secret with more than one line. (azure-pipelines-agent, MultilineSecret) */
function hide(secret: string, { secrets, record }: StepContext): void {
  if (secret.includes('\n')) record.problems.push('A secret has more than one line.');
  secrets.addMask(secret);
}

const isTrue = (properties: Command['properties'], name: string): boolean =>
  properties.get(name)?.toLowerCase() === 'true';

function complainAboutSecrets(place: string, text: string, { secrets, record }: StepContext): void {
  for (const form of secrets.find(text)) record.problems.push(`${place} holds a secret ${form}.`);
}

function show(line: string, { record, secrets }: StepContext): void {
  record.log.push(...line.split(/\r?\n/).map((part) => secrets.mask(part)));
}
