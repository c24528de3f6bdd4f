/** A variable as a pipeline gives it. A secret one reaches the task in another way, and is masked. */
export type VariableValue =
  | string
  | {
      readonly value: string;
      readonly secret?: true;
      /** Set by a command with `preservecase=true`: its name keeps its case in the environment. */
      readonly preserveCase?: true;
    };

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
  readonly preserveCase: boolean;
}

/** The variables of a job; names are compared without case. */
export interface Variables {
  get(name: string): Variable | undefined;
  set(name: string, value: string, secret?: boolean, preserveCase?: boolean): void;
  remove(name: string): void;
  all(): readonly Variable[];
  /** Puts values in the place of `$(name)`; what no variable answers to stays as it is. */
  expand(text: string): string;
}

/** Variables by name; later groups win, and `undefined` takes a variable away. */
export function createVariables(
  ...groups: readonly Readonly<Record<string, VariableValue | undefined>>[]
): Variables {
  const byKey = new Map<string, Variable>();
  const variables: Variables = {
    get: (name) => byKey.get(name.toLowerCase()),
    set: (name, value, secret = false, preserveCase = false) => {
      // Once a secret, always a secret.
      const kept = secret || variables.get(name)?.secret === true;
      byKey.set(name.toLowerCase(), { name, value, secret: kept, preserveCase });
    },
    remove: (name) => {
      byKey.delete(name.toLowerCase());
    },
    all: () => [...byKey.values()],
    expand: (text) =>
      text.replace(/\$\(([^()]*)\)/g, (whole, name: string) => variables.get(name)?.value ?? whole),
  };
  for (const [name, value] of groups.flatMap((group) => Object.entries(group))) {
    if (value === undefined) variables.remove(name);
    else if (typeof value === 'string') variables.set(name, value);
    else variables.set(name, value.value, value.secret ?? false, value.preserveCase ?? false);
  }
  return variables;
}

/**
 * A name as the agent writes it into the environment: `.` and space become `_`, upper case unless its case is kept.
 * (azure-pipelines-agent, VarUtil.ConvertToEnvVariableFormat)
 */
export function toEnvironmentName(name: string, preserveCase = false): string {
  const plain = name.replace(/[. ]/g, '_');
  return preserveCase ? plain : plain.toUpperCase();
}
