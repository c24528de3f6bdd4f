import assert from 'node:assert/strict';
import type { NewVm } from '../support/azure';
import { aWorkflow, type RawInputs, type Workflow } from './workflow';

/** Returns the warnings of all runs of a workflow. */
export const warnings = ({ context }: Workflow) => context.texts('warning');
/** Returns the only warning. */
export const one = (workflow: Workflow): string => {
  assert.equal(warnings(workflow).length, 1, warnings(workflow).join('\n'));
  return warnings(workflow)[0] ?? '';
};
/** Asserts that a text contains all of these parts. */
export const includes = (text: string, ...parts: readonly string[]) => {
  for (const part of parts) assert.ok(text.includes(part), `${part} is not in: ${text}`);
};

/** Asserts the same for a run and a dry run. In the dry run, it is also a line of the check list. */
export function inBoth(
  vm: Partial<NewVm>,
  inputs: RawInputs,
  check: (workflow: Workflow) => void,
): () => Promise<void> {
  return async () => {
    const [real, dry] = [aWorkflow({ vm }), aWorkflow({ vm })];
    assert.deepEqual((await real.run(inputs)).codes, []);
    check(real);
    const { codes, checks } = await dry.run({ ...inputs, dryRun: 'true' });
    assert.deepEqual(codes, []);
    check(dry);
    const listed = checks.filter(({ topic, mark }) => topic === 'VM' && mark === 'warning');
    assert.deepEqual(
      listed.filter(({ loud }) => loud).map(({ text }) => text),
      warnings(dry),
    );
  };
}
