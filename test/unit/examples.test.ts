import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readTaskDefinition } from '../support/agent/taskDefinition';

const EXAMPLES = path.resolve(__dirname, '../../examples');

interface Step {
  readonly task: string;
  readonly inputs: readonly string[];
}

/** The steps of this project's tasks with the names of their inputs, by the indentation of the YAML. */
function stepsIn(file: string): readonly Step[] {
  const steps = readFileSync(path.join(EXAMPLES, file), 'utf8').split(/^ *- (?=\w+:)/m);
  return steps.flatMap((step) => {
    const task = /^task: (Jit\w+@\d+)$/m.exec(step)?.[1];
    const inputs = /^( +)inputs:\n((?:\1 +.*\n)+)/m.exec(step)?.[2] ?? '';
    const indent = /^ */.exec(inputs)?.[0] ?? '';
    const names = [...inputs.matchAll(new RegExp(`^${indent}(\\w+):`, 'gm'))].map(([, name = '']) => name);
    return task === undefined ? [] : [{ task, inputs: names }];
  });
}

describe('the examples', () => {
  for (const file of readdirSync(EXAMPLES).filter((name) => name.endsWith('.yml'))) {
    it(`${file} has inputs that the tasks have, and those that they need`, () => {
      const steps = stepsIn(file);
      assert.ok(steps.length > 0);
      for (const { task, inputs } of steps) {
        const [name = '', major = ''] = task.split('@');
        const folder = path.resolve(EXAMPLES, `../tasks/${name}/${name}V${major}`);
        const definition = readTaskDefinition(folder);
        const known = definition.inputs.map((input) => [input.name, ...(input.aliases ?? [])]);
        for (const input of inputs)
          assert.ok(
            known.some((own) => own.includes(input)),
            `${task}: ${input}`,
          );
        for (const own of definition.inputs.filter(({ required }) => required)) {
          assert.ok(
            [own.name, ...(own.aliases ?? [])].some((needed) => inputs.includes(needed)),
            `${task} needs ${own.name}`,
          );
        }
      }
    });
  }

  it('have one with both tasks, the policy first', () => {
    assert.deepEqual(
      stepsIn('configure-and-open.yml').map(({ task }) => task),
      ['JitConfigurePolicy@1', 'JitOpenPorts@1'],
    );
  });
});
