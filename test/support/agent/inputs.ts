import type { InputDefinition, TaskDefinition } from './taskDefinition';
import type { Variables } from './variables';

/** Inputs as in a pipeline, by name or by alias. */
export type GivenInputs = Readonly<Record<string, string>>;

/**
 * Returns the inputs as the task receives them: aliases resolved, defaults added, values trimmed, and variables
 * expanded. Required inputs are not checked, because the agent does not check them either.
 *
 * @returns Values by the input's own name.
 * @throws Error for an input that task.json does not have, so that a test with a typo does not pass.
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
