import assert from 'node:assert/strict';
import { resolveInputs } from '../../support/agent/inputs';
import type { TaskDefinition } from '../../support/agent/taskDefinition';
import { createVariables } from '../../support/agent/variables';

const definition = {
  name: 'Toy',
  inputs: [
    { name: 'colour', aliases: ['color'], type: 'string', label: '', defaultValue: ' blue ' },
    { name: 'note', type: 'string', label: '' },
  ],
} as unknown as TaskDefinition;

describe('the inputs of a task', () => {
  it('have their defaults, trimmed', () => {
    const inputs = resolveInputs(definition, {}, createVariables());
    assert.deepEqual(
      [...inputs],
      [
        ['colour', 'blue'],
        ['note', ''],
      ],
    );
  });

  it('match their aliases, regardless of case', () => {
    assert.equal(resolveInputs(definition, { COLOR: ' red ' }, createVariables()).get('colour'), 'red');
  });

  it('have variables expanded, including secret ones, and keep unknown variables', () => {
    const variables = createVariables({ 'Build.BuildId': '7', pin: { value: '1234', secret: true } });
    const inputs = resolveInputs(definition, { note: '$(build.buildid) $(pin) $(other)' }, variables);
    assert.equal(inputs.get('note'), '7 1234 $(other)');
  });

  it('are rejected if the task has no input with the name', () => {
    assert.throws(
      () => resolveInputs(definition, { colours: 'red' }, createVariables()),
      /no input "colours"/,
    );
  });
});
