import assert from 'node:assert/strict';
import {
  readInputs,
  type InputName,
} from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/inputs';
import { policyNameFor } from '../../../tasks/JitConfigurePolicy/JitConfigurePolicyV1/src/plan/inputs';
import { CodedError } from '../../../tasks/shared/core/errors';
import { aPortRule, aVm, HOUR, SUBSCRIPTION } from '../core/policies';

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
  it('have the defaults in the contract', () => {
    assert.deepEqual(read({}), {
      ...{ vms: [{ vm: aVm() }], action: 'ensure', rules: [], removals: [], mode: 'merge', policyName: '' },
      ...{ query: undefined, maxVms: 50, dryRun: false, waitTimeoutMs: 300_000 },
    });
  });

  it('are read regardless of case, with one rule per line', () => {
    const inputs = read({ action: 'Ensure', mode: 'EXACT', portRules: '22\nrdp', dryRun: 'True' });
    assert.deepEqual([inputs.mode, inputs.dryRun], ['exact', true]);
    assert.deepEqual(inputs.rules, [aPortRule(), aPortRule({ port: 3389 })]);
  });

  it('are each named if they are invalid, with every invalid rule line', () => {
    const seen = problems({ action: 'a', mode: 'b', portRules: '0\n22 max 1m\n23\n23', policyName: '?' });
    for (const text of ['action:', 'mode:', 'policyName:', '"0"', '"22 max 1m"', '"23"'])
      assert.ok(seen.includes(text), `${text} in ${seen}`);
  });

  it('accept the ports that Defender recommends, and ports to remove', () => {
    const { rules, removals } = read({ portRules: 'Recommended/tcp max 1h\n443\n-8080\n-53/udp' });
    assert.deepEqual(
      rules,
      [22, 3389, 5985, 5986]
        .map((port) => aPortRule({ port, protocol: 'TCP', maxDurationMs: HOUR }))
        .concat(aPortRule({ port: 443 })),
    );
    assert.deepEqual(removals, [
      { port: 8080, protocol: '*' },
      { port: 53, protocol: 'UDP' },
    ]);
    assert.deepEqual(read({ portRules: '- winrm-https' }).removals, [{ port: 5986, protocol: '*' }]);
    for (const portRules of [
      'recommended\n-22',
      '22\n-ssh',
      '-22 max 1h',
      '-http',
      '-22-23',
      'recommendedly',
      '-',
    ])
      assert.match(problems({ portRules }), /portRules/, portRules);
    assert.match(problems({ portRules: '-22', mode: 'exact' }), /portRules.*exact/);
  });

  it('accept {vm}, or the variable with its name, for one policy per VM', () => {
    for (const [policyName, name] of [
      ['{vm}', 'web-01'],
      ['$(vmName)', 'web-01'],
      ['jit-{VM}', 'jit-web-01'],
      ['jit', 'jit'],
    ] as const)
      assert.equal(policyNameFor(read({ policyName }), aVm()), name);
    for (const policyName of ['{vmName}', '$(vm)', '{', 'x}'])
      assert.match(problems({ policyName }), /policyName/);
    assert.match(problems({ portRules: '$(vmName)' }), /portRules/);
  });

  it('name a machine type that just-in-time access does not support', () => {
    const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-app/providers`;
    assert.match(
      problems({ vmResourceId: `${group}/Microsoft.ClassicCompute/virtualMachines/old` }),
      /classic VM/,
    );
    assert.match(problems({ vmResourceId: `${group}/Microsoft.HybridCompute/machines/far` }), /Arc/);
    const set = `${group}/Microsoft.Compute/virtualMachineScaleSets/set`;
    for (const vmResourceId of [set, `${set}/virtualMachines/0`])
      assert.match(problems({ vmResourceId }), /scale set/);
  });

  it('accept patterns for all VMs of a group or a subscription, and a maximum for them', () => {
    const vmResourceId = `rg-app/*\n/subscriptions/${SUBSCRIPTION}/*, rg-app/web-01`;
    const patterns = read({ vmResourceId }).vms.map(({ pattern }) => pattern?.resourceGroup);
    assert.deepEqual(patterns, ['rg-app', undefined, undefined]);
    for (const text of ['*', '/*', '*/*', 'rg-app/web*', 'rg-app/web-01/*', '/subscriptions/x/*'])
      assert.match(problems({ vmResourceId: text }), /vmResourceId/, text);
    for (const maxVms of ['0', '5001', 'many', '-1', '1.5'])
      assert.match(problems({ maxVms }), /maxVms/, maxVms);
    assert.equal(read({ maxVms: '5000' }).maxVms, 5000);
  });

  it('accept no rules with the action remove, because the whole VM is removed', () => {
    assert.match(problems({ action: 'remove', portRules: '22' }), /portRules/);
    assert.equal(problems({ action: 'remove' }), '');
  });
});
