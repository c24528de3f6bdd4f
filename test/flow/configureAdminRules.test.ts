import assert from 'node:assert/strict';
import type { NewAdminRule, NewVm } from '../support/azure';
import { allow, aProtectionWorkflow } from './protectionWorkflow';

describe('security admin rules around a VM in a policy', () => {
  const ACTION = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
  const rule: NewAdminRule = {
    ...{ name: 'always-ssh', priority: 10, access: 'AlwaysAllow', protocol: 'Tcp' },
    ...{ sources: ['Internet'], destinationPorts: ['22'] },
  };
  const withRule = (given: Partial<NewAdminRule> = {}, vm: Partial<NewVm> = {}) => {
    const workflow = aProtectionWorkflow(vm);
    workflow.azure.addAdminRule(workflow.own, { ...rule, ...given });
    return workflow;
  };

  it('are permanent access if they always allow the internet: a warning, also in a dry run', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said, count } = withRule();
      assert.deepEqual((await run({ portRules: '22\n443', dryRun })).codes, []);
      assert.match(said('warning'), /^own-01, port 22, is open to any address on the internet, /);
      assert.match(said('warning'), /always-ssh.*baseline.*corp.*does not protect/);
      assert.doesNotMatch(said('warning'), /443/);
      assert.equal(count('adminRules'), 1);
    }
  });

  it('are also permanent access over UDP if the policy has the port for both protocols', async () => {
    const { run, said } = withRule({ protocol: 'Udp' });
    assert.deepEqual((await run({ portRules: '22\n443' })).codes, []);
    assert.match(said('warning'), /^own-01, port 22, is open to any address on the internet, /);
    const tcp = withRule({ protocol: 'Udp' });
    await tcp.run({ portRules: '22/tcp\n443', mode: 'exact' });
    assert.doesNotMatch(tcp.said('warning'), /^own-01, /);
  });

  it('are reported for each port that the policy has in the end, also for ports that no port rule names', async () => {
    for (const portRules of ['443', '-443', '443 max 1h', '-22/udp', '22/tcp max 1h']) {
      const { run, said } = withRule();
      assert.deepEqual((await run({ portRules })).codes, []);
      assert.match(said('warning'), /^own-01, port 22(\/tcp)?, is open to any address/, portRules);
    }
    for (const raw of [{ portRules: '443', mode: 'exact' }, { portRules: '-22' }, { portRules: '-22/tcp' }]) {
      const { run, said } = withRule();
      assert.deepEqual((await run(raw)).codes, []);
      assert.doesNotMatch(said('warning'), /^own-01, /, JSON.stringify(raw));
    }
  });

  it('are not reported for other ports, private sources, rules that might not apply, or traffic that they pass on', async () => {
    for (const given of [
      { destinationPorts: ['8080'] },
      { sources: ['10.0.0.0/8'] },
      { sources: ['AzureCloud'] },
      { access: 'Allow' },
      { access: 'Deny' },
      { direction: 'Outbound' },
    ] as const) {
      const { run, said } = withRule(given);
      assert.deepEqual((await run({ portRules: '22\n443' })).codes, []);
      assert.equal(said('warning'), '', JSON.stringify(given));
    }
    const some = withRule({ sources: ['20.1.0.0/16'] });
    await some.run({ portRules: '22' });
    assert.match(
      some.said('warning'),
      /own-01, port 22, is open to 20\.1\.0\.0\/16, including addresses on the internet/,
    );
  });

  it('keep a removed port from being reported as open if they deny it, and are named if they allow it', async () => {
    const open = { nicNsg: { rules: [allow({ sources: ['Internet'] })] } };
    const denied = withRule({ access: 'Deny' }, open);
    assert.deepEqual((await denied.run({ action: 'remove' })).codes, []);
    assert.doesNotMatch(denied.said('warning'), /port 22 of own-01|own-01, port 22/);
    const allowed = withRule();
    await allowed.run({ action: 'remove' });
    assert.match(allowed.said('warning'), /port 22 of own-01 is open to .*always-ssh/);
  });

  it('neither fail the run nor shorten the rest of the report if they cannot be read or do not arrive', async () => {
    const open = { nicNsg: { rules: [allow({ sources: ['Internet'] })] } };
    for (const trouble of [ACTION, 'hang']) {
      const { azure, run, said } = withRule({}, open);
      if (trouble === 'hang') azure.always('adminRules', 'hang');
      else azure.principal.forbid(ACTION);
      assert.deepEqual((await run({ action: 'remove' })).codes, []);
      assert.match(said('warning'), /port 22 of own-01 is open to any address on the internet, .*by-hand/);
      assert.match(said('line'), /security admin rules around own-01 could not be read/);
    }
  });
});
