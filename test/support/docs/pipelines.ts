import { LineCounter, parseDocument } from 'yaml';
import type { OwnTask } from './ownTasks';
import { faultsInStep, isStep, type Step } from './steps';

/** Variables that the service or the agent sets, by the part before the dot. */
const PREDEFINED = /^(agent|build|checks|environment|pipeline|release|strategy|system)$/i;

/** What the check of a YAML text uses in addition to the text. */
export interface Known {
  readonly tasks: readonly OwnTask[];
  /** The task of a step by the step's usual name, for parts of a pipeline that do not show the step itself. */
  readonly usualNames: ReadonlyMap<string, OwnTask>;
}

/**
 * Finds errors in YAML that shows a pipeline or a part of one: YAML errors, steps of this project's tasks that do not
 * match their task.json, and `$(step.output)` that no earlier step has. Steps of other tasks are only parsed.
 */
export function faultsIn(text: string, known: Known): readonly string[] {
  const document = parseDocument(text, { lineCounter: new LineCounter(), prettyErrors: true });
  const broken = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (broken.length > 0) return broken;
  const root: unknown = document.toJS();
  const lists = stepListsIn(root);
  return [
    ...lists.flat().flatMap((step) => faultsInStep(step, known.tasks)),
    ...lists.flatMap((steps) => faultsInMacros(steps, known)),
    ...faultsInDependencies(text, lists.flat(), known),
  ];
}

/** Returns the steps of this project's tasks in a text, in order. */
export function ownSteps(text: string, tasks: readonly OwnTask[]): readonly Step[] {
  const own = tasks.map(({ reference }) => reference);
  return stepListsIn(parseDocument(text).toJS())
    .flat()
    .filter(({ task }) => typeof task === 'string' && own.includes(task));
}

/** Returns every list of steps, at any place: at the root, or in jobs, deployments, and templates. */
function stepListsIn(value: unknown): readonly (readonly Step[])[] {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.some(isStep) ? [items.filter(isStep)] : items.flatMap(stepListsIn);
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stepListsIn) : [];
}

/** `$(jit.host)` requires an earlier step `jit` in the same list, whose task has the output `host`. */
function faultsInMacros(steps: readonly Step[], { tasks, usualNames }: Known): readonly string[] {
  const named = new Map<string, OwnTask | undefined>();
  const showsOwn = steps.some(({ task }) => tasks.some(({ reference }) => reference === task));
  return steps.flatMap((step) => {
    const faults = textsIn(step).flatMap((text) =>
      [...text.matchAll(/\$\((\w+)\.(\w+)\)/g)].flatMap(([macro, name = '', output = '']) => {
        if (PREDEFINED.test(name)) return [];
        if (!named.has(name) && (showsOwn || !usualNames.has(name)))
          return [`${macro}: no step ${name} before it`];
        const task = named.has(name) ? named.get(name) : usualNames.get(name);
        return faultsInOutput(macro, task, output);
      }),
    );
    if (typeof step.name === 'string') named.set(step.name, taskOf(step, tasks));
    return faults;
  });
}

/** Checks `dependencies.open.outputs['jit.host']`, and `open.jit.host` if the job is a deployment. */
function faultsInDependencies(
  text: string,
  steps: readonly Step[],
  { tasks, usualNames }: Known,
): readonly string[] {
  return [...text.matchAll(/outputs\['(?:\w+\.)*?(\w+)\.(\w+)'\]/g)].flatMap(
    ([where, name = '', output = '']) => {
      const step = steps.find((candidate) => candidate.name === name);
      if (!step && !usualNames.has(name)) return [`${where}: no step ${name}`];
      return faultsInOutput(where, step ? taskOf(step, tasks) : usualNames.get(name), output);
    },
  );
}

/** A step of another task can have any output. */
export const faultsInOutput = (
  where: string,
  task: OwnTask | undefined,
  output: string,
): readonly string[] =>
  task && !(task.definition.outputVariables ?? []).some(({ name }) => name === output)
    ? [`${where}: ${task.reference} has no output ${output}`]
    : [];

const taskOf = ({ task }: Step, tasks: readonly OwnTask[]): OwnTask | undefined =>
  tasks.find(({ reference }) => reference === task);

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
