import { SYSTEM_CONNECTION, toConnectionEnvironment } from './connections';
import type { IdentifiedConnection } from './connections';
import type { JobFolders } from './predefined';
import { toEnvironmentName } from './variables';
import type { Variables } from './variables';

/** Everything that one main or post-job step gets through its environment. */
export interface StepEnvironment {
  readonly inputs: ReadonlyMap<string, string>;
  readonly connections: Iterable<IdentifiedConnection>;
  readonly systemToken: string;
  /** The URL of the agent's own connection to Azure DevOps. */
  readonly collectionUri: string;
  readonly variables: Variables;
  readonly taskVariables: Variables;
  readonly folders: JobFolders;
  /** What replaces the machine's environment in a container. */
  readonly image?: Readonly<Record<string, string>> | undefined;
  /** The agent's own environment, in addition to what every process needs. */
  readonly own: Readonly<Record<string, string>>;
  /** As in agents before July 2026: a variable replaces an input or a connection with the same name. */
  readonly variablesLast: boolean;
}

/**
 * Returns the environment of a task's process, in which later groups override earlier ones (azure-pipelines-agent,
 * NodeHandler.RunAsync). From the test's own environment, it has only what every process needs, so that nothing of the
 * machine affects a test.
 */
export function toEnvironment(step: StepEnvironment): Record<string, string> {
  const variables = variableEnvironment(step.variables);
  const inputs = [...step.inputs].map(([name, value]) => [`INPUT_${toEnvironmentName(name)}`, value]);
  const saved = step.taskVariables
    .all()
    .map(({ name, value, preserveCase }) => [
      `VSTS_TASKVARIABLE_${toEnvironmentName(name, preserveCase)}`,
      value,
    ]);
  return mergeEnvironments([
    machineEnvironment(step),
    ...(step.variablesLast ? [] : [variables]),
    Object.fromEntries(inputs) as Record<string, string>,
    connectionEnvironment(step),
    ...(step.variablesLast ? [variables] : []),
    Object.fromEntries(saved) as Record<string, string>,
    SET_BY_AGENT,
  ]);
}

/** Returns the environment of a script: the variables of the job, and nothing of a task. */
export const toScriptEnvironment = (
  job: Pick<StepEnvironment, 'variables' | 'folders' | 'own'>,
): Record<string, string> =>
  mergeEnvironments([machineEnvironment(job), variableEnvironment(job.variables), SET_BY_AGENT]);

/** The agent sets these last, so that no variable replaces them. (azure-pipelines-agent, ProcessInvoker) */
const SET_BY_AGENT = { TF_BUILD: 'True' };

/**
 * Merges environments, in which later ones override earlier ones. On Windows, names that differ only in case are one
 * name, in the form that came first. (azure-pipelines-agent, VarUtil.EnvironmentVariableKeyComparer)
 */
export function mergeEnvironments(
  groups: readonly Readonly<Record<string, string>>[],
  isWindows = process.platform === 'win32',
): Record<string, string> {
  const names = new Map<string, string>();
  const merged: Record<string, string> = {};
  for (const [name, value] of groups.flatMap((group) => Object.entries(group))) {
    const key = isWindows ? name.toUpperCase() : name;
    const first = names.get(key) ?? name;
    names.set(key, first);
    merged[first] = value;
  }
  return merged;
}

const machineEnvironment = ({
  folders,
  image,
  own,
}: Pick<StepEnvironment, 'folders' | 'image' | 'own'>): Record<string, string> => {
  const { home, machineTemp } = folders;
  const machine = { HOME: home, TMP: machineTemp, TEMP: machineTemp, TMPDIR: machineTemp };
  return { ...inherited(), ...(image ?? machine), ...own };
};

function inherited(): Record<string, string> {
  const needed = ['PATH', 'SYSTEMROOT'];
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && needed.includes(name.toUpperCase()) ? [[name, value]] : [],
    ),
  );
}

function connectionEnvironment({
  connections,
  systemToken,
  collectionUri,
}: StepEnvironment): Record<string, string> {
  const system: IdentifiedConnection = {
    id: SYSTEM_CONNECTION,
    url: collectionUri,
    scheme: 'OAuth',
    parameters: { AccessToken: systemToken },
  };
  return Object.assign({}, ...[system, ...connections].map(toConnectionEnvironment)) as Record<
    string,
    string
  >;
}

/** Returns public variables by name, secret ones with the prefix `SECRET_`, and the lists of both. */
function variableEnvironment(variables: Variables): Record<string, string> {
  const environment: Record<string, string> = {};
  const names = { public: [] as string[], secret: [] as string[] };
  const all = variables.all();
  for (const { name, value, preserveCase } of all.filter(({ secret }) => !secret)) {
    environment[toEnvironmentName(name, preserveCase)] = value;
    names.public.push(name);
  }
  const status = variables.get('Agent.JobStatus');
  if (status !== undefined) environment['agent.jobstatus'] = status.value;
  environment['VSTS_PUBLIC_VARIABLES'] = JSON.stringify(names.public);
  for (const { name, value, preserveCase } of all.filter(({ secret }) => secret)) {
    environment[`SECRET_${toEnvironmentName(name, preserveCase)}`] = value;
    names.secret.push(name);
  }
  environment['VSTS_SECRET_VARIABLES'] = JSON.stringify(names.secret);
  return environment;
}
