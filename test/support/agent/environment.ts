import { SYSTEM_CONNECTION, toConnectionEnvironment } from './connections';
import type { IdentifiedConnection } from './connections';
import type { JobFolders } from './predefined';
import { toEnvironmentName } from './variables';
import type { Variables } from './variables';

/** Everything that reaches one stage of a task through its environment. */
export interface StepEnvironment {
  readonly inputs: ReadonlyMap<string, string>;
  readonly connections: Iterable<IdentifiedConnection>;
  readonly systemToken: string;
  /** The URL of the agent's own connection to Azure DevOps. */
  readonly collectionUri: string;
  readonly variables: Variables;
  readonly taskVariables: Variables;
  readonly folders: JobFolders;
  /** What takes the place of the machine's environment in a container. */
  readonly image?: Readonly<Record<string, string>> | undefined;
  /** The agent's own environment, beyond what every process needs. */
  readonly own: Readonly<Record<string, string>>;
  /** As agents before July 2026 did: a variable replaces an input or a connection of the same name. */
  readonly variablesLast: boolean;
}

/**
 * The environment of a task's process, each group over those before it (azure-pipelines-agent, NodeHandler.RunAsync).
 * Of the test's own environment it has only what a process cannot do without, so that nothing of the machine leaks
 * into a test.
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

/** The environment of a script: the variables of the job, and nothing of a task. */
export const toScriptEnvironment = (
  job: Pick<StepEnvironment, 'variables' | 'folders' | 'own'>,
): Record<string, string> =>
  mergeEnvironments([machineEnvironment(job), variableEnvironment(job.variables), SET_BY_AGENT]);

/** What the agent sets last, so that no variable replaces it. (azure-pipelines-agent, ProcessInvoker) */
const SET_BY_AGENT = { TF_BUILD: 'True' };

/**
 * One environment of several, each over those before it. On Windows names that differ in case are one, and the name
 * that came first keeps its form. (azure-pipelines-agent, VarUtil.EnvironmentVariableKeyComparer)
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

/** Public variables by name, secret ones behind `SECRET_`, and the lists of both. */
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
