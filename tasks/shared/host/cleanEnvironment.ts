import { ENVIRONMENT_NAMES } from './environmentNames';
import { groupBy } from '../core/groupBy';
import { environmentForm, READ_FORMS, spellingOf } from './variables';

/** The pipeline variables that affect a task's environment. */
export interface Cleaning {
  /** Variables that have no effect here, by their names in the pipeline. */
  readonly ignored: readonly string[];
  /** Groups of variables with the same name in the environment, so that it is unknown which value is there. */
  readonly ambiguous: readonly (readonly string[])[];
  /** Variables whose value might have replaced the agent's own, by the name in the environment. */
  readonly replacing: ReadonlyMap<string, string>;
}

type Environment = Record<string, string | undefined>;

/** Names that only the agent is allowed to set. */
const RESERVED = /^(?:INPUT|ENDPOINT|SECUREFILE|VSTS)_/;
/** The ID of a connection or a file, which the agent writes in lower case. */
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** The reserved names that the agent sets. */
const AGENTS_OWN = new RegExp(
  `^(?:INPUT_.|ENDPOINT_(?:URL|AUTH|AUTH_SCHEME|AUTH_PARAMETER|DATA)_(?:${ID.source}|SYSTEMVSSCONNECTION)(?:_|$)|SECUREFILE_(?:NAME|TICKET)_${ID.source}$|VSTS_.)`,
  'i',
);
/** A variable that the agent itself creates. */
const AGENTS_VARIABLE = 'VSTS_PROCESS_LOOKUP_ID';

const becomes = new Map(ENVIRONMENT_NAMES.map((entry) => [entry.name.toUpperCase(), entry.becomes]));

/**
 * Removes from the environment what pipeline variables must not control: the agent's own names, and names that the
 * libraries read. The agent's lists show which variables exist. The agent writes them after the variables, so variables
 * cannot forge them. If a list is missing, all names marked `machine` are removed.
 *
 * @param env is changed in place
 */
export function cleanEnvironment(env: Environment, platform: NodeJS.Platform): Cleaning {
  const listed = [parseNames(env['VSTS_PUBLIC_VARIABLES']), parseNames(env['VSTS_SECRET_VARIABLES'])];
  const [visible = [], secret = []] = listed;
  // The agent sets TF_BUILD for every process.
  const isKnown = !listed.includes(undefined) || env['TF_BUILD'] === undefined;
  const byForm = groupByForm(visible);
  const secretForms = new Set(secret.map(environmentForm));
  const agentCameLast = cameLast(env, byForm, platform);
  const landed = findLanded(visible, Object.keys(env), platform);
  const ignored = new Set<string>();
  const replacing = new Map<string, string>();
  for (const key of Object.keys(env)) {
    const form = key.toUpperCase();
    const variables = byForm.get(form);
    const takeOut = () => {
      // On Windows, two spellings are one name, which an earlier iteration might have removed.
      Reflect.deleteProperty(env, key);
      for (const name of variables ?? []) ignored.add(name);
    };
    const what = becomes.get(form);
    if (what === 'never' || (what === 'machine' && (variables || !isKnown))) takeOut();
    else if (!RESERVED.test(form)) {
      const hidden = form.startsWith('SECRET_') ? form.slice('SECRET_'.length) : undefined;
      const isAlias = hidden !== undefined && (READ_FORMS.has(hidden) || secretForms.has(hidden));
      // The agent writes its own value after the variable, in the same spelling.
      const isAgents = hidden !== undefined && secretForms.has(hidden) && key === form;
      if (variables && isAlias && !isAgents) takeOut();
    } else if (!variables) {
      if (/^INPUT_/i.test(key) && /[a-z]/.test(key) && platform !== 'win32') {
        Reflect.deleteProperty(env, key);
        ignored.add(key);
      }
    } else if (form !== AGENTS_VARIABLE) {
      const isAgents = mayBeAgents(key, platform);
      if (!isAgents || (agentCameLast && !agentWrote(key, env))) takeOut();
      else {
        for (const name of variables) ignored.add(name);
        const here = variables.filter((name) => [undefined, key].includes(landed.get(name)));
        // Every agent writes both lists and the task variables after the variables.
        if (here.length > 0 && !agentCameLast && !form.startsWith('VSTS_'))
          replacing.set(form, here.join(', '));
      }
    }
  }
  return { ignored: [...ignored].sort(), ambiguous: findAmbiguous([...visible, ...secret]), replacing };
}

/**
 * Returns the environment names of variables for which they are certain. The agent writes a variable in upper case, or
 * as it is spelled if its case is preserved, and the lists do not say which. If the environment has a variable's own
 * spelling, the variable has only that name, unless another one shares the spelling.
 */
function findLanded(
  variables: readonly string[],
  keys: readonly string[],
  platform: NodeJS.Platform,
): ReadonlyMap<string, string> {
  if (platform === 'win32') return new Map();
  const spelled = groupBy(new Set(variables), spellingOf);
  return new Map(
    [...spelled].flatMap(([spelling, [name = '', ...others]]) =>
      others.length === 0 && keys.includes(spelling) ? [[name, spelling]] : [],
    ),
  );
}

/** Whether a name is spelled as the agent spells it. On Windows, every spelling is the same name. */
const mayBeAgents = (key: string, platform: NodeJS.Platform): boolean =>
  AGENTS_OWN.test(key) &&
  (platform === 'win32' || key === key.toUpperCase().replace(ID, (id) => id.toLowerCase()));

/**
 * Whether the agent wrote inputs and connections after the variables, as it does since July 2026 (pull request 5606 of
 * microsoft/azure-pipelines-agent): then its own names follow the list of variables. Windows sorts the names.
 */
function cameLast(
  env: Environment,
  variables: ReadonlyMap<string, unknown>,
  platform: NodeJS.Platform,
): boolean {
  if (platform === 'win32') return false;
  const keys = Object.keys(env);
  const list = keys.indexOf('VSTS_PUBLIC_VARIABLES');
  const own = keys.flatMap((key, at) =>
    /^(?:INPUT|ENDPOINT)_/.test(key) && mayBeAgents(key, platform) && !variables.has(key.toUpperCase())
      ? [at]
      : [],
  );
  return list >= 0 && own.length > 0 && own.every((at) => at > list);
}

/** Whether an agent that writes last wrote this name: it writes only what it has, and a variable can add to that. */
function agentWrote(key: string, env: Environment): boolean {
  const [, kind, id = '', field = ''] =
    /^ENDPOINT_(AUTH_PARAMETER|DATA)_([0-9a-f-]{36}|SYSTEMVSSCONNECTION)_(.*)$/.exec(key) ?? [];
  if (kind === undefined) return true;
  const whole = parseRecord(env[`ENDPOINT_${kind === 'DATA' ? 'DATA' : 'AUTH'}_${id}`]);
  const fields = kind === 'DATA' ? whole : whole['parameters'];
  return isRecord(fields) && Object.keys(fields).some((name) => environmentForm(name) === field);
}

/** Returns groups of variables that share one name in the environment, if that name is read. */
function findAmbiguous(all: readonly string[]): readonly (readonly string[])[] {
  return [...groupByForm(all)].flatMap(([form, group]) =>
    READ_FORMS.has(form) && group.length > 1 ? [group] : [],
  );
}

const groupByForm = (all: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  groupBy(new Set(all), environmentForm);

function parseNames(text: string | undefined): readonly string[] | undefined {
  const value = parse(text);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
}

const parseRecord = (text: string | undefined): Record<string, unknown> => {
  const value = parse(text);
  return isRecord(value) ? value : {};
};

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
