import assert from 'node:assert/strict';
import {
  readInputs,
  type InputName,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/inputs';
import { CodedError } from '../../../tasks/shared/errors';
import { aPortRule, aVm, SUBSCRIPTION } from '../domain/policies';

const read = (given: Partial<Record<InputName, string>>) =>
  readInputs(
    (name) => ({ connectedServiceName: 'c', vmResourceId: 'rg-app/web-01', ...given })[name] ?? '',
    SUBSCRIPTION,
  );
const problems = (given: Partial<Record<InputName, string>>): string => {
  try {
    read(given);
    return '';
  } catch (error) {
    assert.ok(error instanceof CodedError && error.code === 'JIT101');
    return error.seen;
  }
};

describe('the inputs of JitConfigurePolicy', () => {
  it('have the defaults of the contract', () => {
    assert.deepEqual(read({}), {
      ...{ vms: [aVm()], action: 'ensure', rules: [], mode: 'merge', policyName: '' },
      ...{ dryRun: false, waitTimeoutMs: 300_000 },
    });
  });

  it('are read in any case, with rules by line', () => {
    const inputs = read({ action: 'Ensure', mode: 'EXACT', portRules: '22\nrdp', dryRun: 'True' });
    assert.deepEqual([inputs.mode, inputs.dryRun], ['exact', true]);
    assert.deepEqual(inputs.rules, [aPortRule(), aPortRule({ port: 3389 })]);
  });

  it('are each named when they are wrong, and every wrong line of the rules', () => {
    const seen = problems({ action: 'a', mode: 'b', portRules: '0\n22 max 1m\n23\n23', policyName: '?' });
    for (const text of ['action:', 'mode:', 'policyName:', '"0"', '"22 max 1m"', '"23"'])
      assert.ok(seen.includes(text), `${text} in ${seen}`);
  });

  it('take no rules for removing, because the whole VM is removed', () => {
    assert.match(problems({ action: 'remove', portRules: '22' }), /portRules/);
    assert.equal(problems({ action: 'remove' }), '');
  });
});
