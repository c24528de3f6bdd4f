import type { InputDefinition, TaskDefinition } from './taskDefinition';
import type { Variables } from './variables';

/** Inputs as a pipeline writes them: by name or by alias. */
export type GivenInputs = Readonly<Record<string, string>>;

/**
 * The inputs as they reach the task: aliases resolved, defaults filled in, values trimmed, variables expanded.
 * Nothing is checked for being required: the agent does not either.
 *
 * @returns Values by the input's own name.
 * @throws Error for an input that task.json does not have: a test with a typing mistake must not pass.
 */
export function resolveInputs(
  definition: TaskDefinition,
  given: GivenInputs,
  variables: Variables,
): Map<string, string> {
  const values = new Map(definition.inputs.map((input) => [input.name, (input.defaultValue ?? '').trim()]));
  for (const [name, value] of Object.entries(given)) {
    const input = definition.inputs.find((candidate) => answersTo(candidate, name));
    if (input === undefined) throw new Error(`Task ${definition.name} has no input "${name}".`);
    values.set(input.name, value.trim());
  }
  return new Map([...values].map(([name, value]) => [name, variables.expand(value)]));
}

function answersTo(input: InputDefinition, name: string): boolean {
  const wanted = name.toLowerCase();
  return [input.name, ...(input.aliases ?? [])].some((own) => own.toLowerCase() === wanted);
}
