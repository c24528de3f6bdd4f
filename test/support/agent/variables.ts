/** A variable as in a pipeline. A secret one is passed to the task in another way, and is masked. */
export type VariableValue =
  | string
  | {
      readonly value: string;
      readonly secret?: true;
      /** Set by a command with `preservecase=true`, so that the name keeps its case in the environment. */
      readonly preserveCase?: true;
    };

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly preserveCase: boolean;
}

/** The variables of a job. Names are compared without case. */
export interface Variables {
  readonly get: (name: string) => Variable | undefined;
  set(name: string, value: string, secret?: boolean, preserveCase?: boolean): void;
  remove(name: string): void;
  all(): readonly Variable[];
  /** Replaces `$(name)` with values. A name without a variable stays as it is. */
  expand(text: string): string;
}

type Group = Readonly<Record<string, VariableValue | undefined>>;

/** Creates variables by name. Later groups override earlier ones, and `undefined` removes a variable. */
export const createVariables = (...groups: readonly Group[]): Variables =>
  createVariablesWith((value) => value, groups);

/** Creates variables whose values are translated before they are read, as paths are for a container. */
export function createVariablesWith(
  translate: (value: string) => string,
  groups: readonly Group[],
): Variables {
  const byKey = new Map<string, Variable>();
  const translated = (variable: Variable): Variable => ({ ...variable, value: translate(variable.value) });
  const variables: Variables = {
    get: (name) => {
      const found = byKey.get(name.toLowerCase());
      return found && translated(found);
    },
    set: (name, value, secret = false, preserveCase = false) => {
      // A secret variable stays secret.
      const kept = secret || variables.get(name)?.secret === true;
      byKey.set(name.toLowerCase(), { name, value, secret: kept, preserveCase });
    },
    remove: (name) => {
      byKey.delete(name.toLowerCase());
    },
    all: () => [...byKey.values()].map(translated),
    expand: (text) => text.replace(MACRO, (whole, name: string) => variables.get(name)?.value ?? whole),
  };
  for (const [name, value] of groups.flatMap((group) => Object.entries(group))) {
    // The agent ignores a variable without a name.
    if (value === undefined || name.trim() === '') variables.remove(name);
    else if (typeof value === 'string') variables.set(name, value);
    else variables.set(name, value.value, value.secret ?? false, value.preserveCase ?? false);
  }
  const expanded = variables.all().map((variable) => expandWhole(variable, variables.get));
  for (const { name, value, secret, preserveCase } of expanded)
    variables.set(name, value, secret, preserveCase);
  return variables;
}

const MACRO = /\$\(([^()]*)\)/g;

/**
 * Expands a variable at the start of a job, and the variables in its value in turn. A circular one stays as it is. One
 * that contains a secret is secret. (azure-pipelines-agent, Variables.RecalculateExpanded)
 */
function expandWhole(variable: Variable, get: Variables['get']): Variable {
  const inside = new Set<Variable>();
  const expand = (value: string, within: readonly string[]): string | undefined => {
    const parts = value.split(MACRO).map((part, index) => {
      if (index % 2 === 0) return part;
      const nested = get(part);
      if (nested === undefined) return `$(${part})`;
      const key = part.toLowerCase();
      if (within.includes(key)) return undefined;
      inside.add(nested);
      return expand(nested.value, [...within, key]);
    });
    return parts.includes(undefined) ? undefined : parts.join('');
  };
  const value = expand(variable.value, [variable.name.toLowerCase()]);
  if (value === undefined) return variable;
  return { ...variable, value, secret: variable.secret || [...inside].some(({ secret }) => secret) };
}

/**
 * Converts a name to the form in the environment: `.` and space become `_`, and letters become upper case unless the
 * case is preserved. (azure-pipelines-agent, VarUtil.ConvertToEnvVariableFormat)
 */
export function toEnvironmentName(name: string, preserveCase = false): string {
  const plain = name.replace(/[. ]/g, '_');
  return preserveCase ? plain : plain.replace(/./gsu, toUpper);
}

/**
 * .NET converts only letters whose upper case is a single letter: `ß` stays as it is, but JavaScript would convert it
 * to `SS`.
 */
const toUpper = (letter: string): string => {
  const upper = letter.toUpperCase();
  return upper.length === letter.length ? upper : letter;
};
