import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TaskCommand } from 'azure-pipelines-task-lib/taskcommand';
import { parseCommand } from '../../support/agent/command';
import { mergeResults, parseTaskResult } from '../../support/agent/results';

describe('a logging command', () => {
  it('is found in the middle of a line', () => {
    const command = parseCommand('VM ##vso[task.SetVariable variable=a;isOutput=true]b');
    assert.deepEqual([command?.name, command?.data], ['task.setvariable', 'b']);
    assert.deepEqual(
      [...(command?.properties ?? [])],
      [
        ['variable', 'a'],
        ['isoutput', 'true'],
      ],
    );
  });

  it('is plain text if it is malformed', () => {
    for (const line of ['##vso[task.debug', '##vso[debug]a', '##[error]a', '# #vso[task.debug]a']) {
      assert.equal(parseCommand(line), undefined, line);
    }
  });

  it('is parsed back to whatever task-lib wrote', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (value, data) => {
        const line = String(new TaskCommand('task.issue', { type: value }, data));
        const command = parseCommand(line);
        assert.deepEqual([command?.properties.get('type'), command?.data], [value, data]);
      }),
    );
  });
});

describe('the result of a step', () => {
  it('is the worst reported result, and the first failure', () => {
    assert.equal(mergeResults(undefined, 'Succeeded'), 'Succeeded');
    assert.equal(mergeResults('Succeeded', 'SucceededWithIssues'), 'SucceededWithIssues');
    assert.equal(mergeResults('SucceededWithIssues', 'Succeeded'), 'SucceededWithIssues');
    assert.equal(mergeResults('SucceededWithIssues', 'Failed'), 'Failed');
    assert.equal(mergeResults('Failed', 'Succeeded'), 'Failed');
    assert.equal(mergeResults('Failed', 'Canceled'), 'Failed');
  });

  it('accepts only known names', () => {
    assert.equal(parseTaskResult('succeededwithissues'), 'SucceededWithIssues');
    assert.equal(parseTaskResult('Success'), undefined);
    assert.equal(parseTaskResult(undefined), undefined);
  });
});
