import type { InputDefinition } from '../agent/taskDefinition';
import { namesOf, type OwnTask } from './ownTasks';

/** A step as in YAML. */
export interface Step {
  readonly task?: unknown;
  readonly name?: unknown;
  readonly inputs?: unknown;
  readonly [key: string]: unknown;
}

/** The keys that identify a step (Microsoft's YAML schema reference, "steps"). */
const KINDS = ['task', 'script', 'bash', 'pwsh', 'powershell', 'checkout', 'download', 'publish', 'template'];
/** The keys that a step of a task can have in addition to `task` (the same reference, "steps.task"). */
const KEYS = [
  'task',
  'inputs',
  'condition',
  'continueOnError',
  'displayName',
  'enabled',
  'env',
  'name',
  'retryCountOnTaskFailure',
  'target',
  'timeoutInMinutes',
];
/** A variable, whose value is not known here. */
const MACRO = /\$\([^)]*\)|\$\{\{.*?\}\}|\$\[.*?\]/;
/** Values for inputs with a variable in them, for which an empty text would be invalid. */
const STAND_INS: Readonly<Record<string, string>> = {
  connectedServiceName: 'my-connection',
  vmResourceId: 'rg-app/web-01',
};
const SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

export const isStep = (value: unknown): value is Step =>
  typeof value === 'object' && value !== null && KINDS.some((kind) => kind in value);

/** Finds the errors of one step, with the task.json of its task and with the task's own check of its inputs. */
export function faultsInStep(step: Step, tasks: readonly OwnTask[]): readonly string[] {
  const { task: reference } = step;
  if (reference === undefined) return [];
  if (typeof reference !== 'string' || !/^[\w.-]+@\d+$/.test(reference)) {
    return [`${JSON.stringify(reference)} is no task with a major version`];
  }
  const task = tasks.find((candidate) => candidate.reference === reference);
  if (!task) return /^jit/i.test(reference) ? [`${reference} is not a task of this project`] : [];
  const given = new Map(Object.entries((step.inputs ?? {}) as Readonly<Record<string, unknown>>));
  const faults = [
    ...Object.keys(step)
      .filter((key) => !KEYS.includes(key))
      .map((key) => `a step of a task has no ${key}`),
    ...[...given.keys()]
      .filter((name) => !task.definition.inputs.some((input) => namesOf(input).includes(name)))
      .map((name) => `no input ${name}`),
    ...task.definition.inputs.flatMap((input) => faultsInInput(input, given)),
  ];
  return (faults.length > 0 ? faults : faultsSeenByTask(task, given)).map(
    (fault) => `${reference}: ${fault}`,
  );
}

function faultsInInput(input: InputDefinition, given: ReadonlyMap<string, unknown>): readonly string[] {
  const names = namesOf(input).filter((name) => given.has(name));
  if (names.length > 1) return [`${names.join(' and ')} are the same input`];
  const [name] = names;
  if (name === undefined) return input.required && !input.defaultValue ? [`needs ${input.name}`] : [];
  const value = given.get(name);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return [`${name} is no text`];
  }
  const text = String(value);
  if (MACRO.test(text)) return [];
  const legal =
    input.type === 'boolean'
      ? ['true', 'false']
      : input.type === 'pickList'
        ? Object.keys(input.options ?? {})
        : [];
  return legal.length > 0 && !legal.includes(text) ? [`${name} may not be ${text}`] : [];
}

/** Runs the task's own check on the inputs, as the agent would pass them. */
function faultsSeenByTask(
  { definition, check }: OwnTask,
  given: ReadonlyMap<string, unknown>,
): readonly string[] {
  const values = new Map(
    definition.inputs.map((input) => {
      const name = namesOf(input).find((candidate) => given.has(candidate));
      const written = name === undefined ? (input.defaultValue ?? '') : String(given.get(name));
      const known = MACRO.test(written) ? (STAND_INS[input.name] ?? input.defaultValue ?? '') : written;
      return [input.name, known.trim()];
    }),
  );
  try {
    check?.((name) => values.get(name) ?? '', SUBSCRIPTION);
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
