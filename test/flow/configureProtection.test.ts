import assert from 'node:assert/strict';
import type { NewAdminRule, NewVm } from '../support/azure';
import { anyPort } from './workflow';
import { aPolicyWorkflow } from './policyWorkflow';

type Rule = NonNullable<Exclude<NewVm['nicNsg'], boolean | undefined>['rules']>[number];

const allow = (given: Partial<Rule>): Rule => ({
  ...{ name: 'by-hand', priority: 300, access: 'Allow', protocol: 'Tcp' },
  ...{ sources: ['*'], destinations: ['*'], destinationPorts: ['22'], ...given },
});

/** A VM of its own group, whose policy has 22 and 443, and the workflow to run on it. */
function aWorkflow(given: Partial<NewVm> = {}) {
  const workflow = aPolicyWorkflow();
  const { azure, world: context } = workflow;
  const own = azure.addVm({ name: 'own-01', resourceGroup: 'rg-own', vnet: 'vnet-own', ...given });
  azure.addPolicy({ name: 'default', vms: [{ vm: own, ports: [anyPort(22), anyPort(443)] }] });
  const run = (raw: object) => workflow.run({ vmResourceId: own.id, ...raw });
  const said = (kind: 'warning' | 'line') => context.texts(kind).join('\n');
  return { ...workflow, run, own, said };
}

describe('a VM that nothing filters', () => {
  const BARE = { nicNsg: false, subnetNsg: false } as const;

  it('is warned of when it is put under a policy, and stays there: nothing is protected', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said } = aWorkflow(BARE);
      assert.deepEqual((await run({ portRules: '22', dryRun })).codes, []);
      assert.match(said('warning'), /does not protect own-01.*network security group/);
    }
  });

  it('is not warned of with a security group, or behind a firewall with classic rules', async () => {
    const grouped = aWorkflow({ nicNsg: false, subnetNsg: true });
    await grouped.run({ portRules: '22' });
    assert.equal(grouped.said('warning'), '');
    const behind = aWorkflow(BARE);
    behind.azure.addFirewall({ besides: behind.own });
    await behind.run({ portRules: '22' });
    assert.equal(behind.said('warning'), '');
    const peered = aWorkflow(BARE);
    const hub = peered.azure.addVm({ name: 'hub', resourceGroup: 'rg-hub', vnet: 'vnet-hub' });
    peered.azure.addFirewall({ besides: hub });
    peered.azure.peerNetworks(peered.own, hub);
    await peered.run({ portRules: '22' });
    assert.equal(peered.said('warning'), '');
  });

  it('is warned of behind a firewall that Firewall Policy manages', async () => {
    const { azure, own, run, said } = aWorkflow(BARE);
    azure.addFirewall({ besides: own, policy: 'central' });
    await run({ portRules: '22' });
    assert.match(said('warning'), /own-01.*Firewall Policy/);
  });

  it('is warned of for the one address that nothing filters', async () => {
    const addresses = (privateIp: string) => [{ privateIp, primary: true }];
    const { run, said } = aWorkflow({
      nics: [
        { name: 'front', primary: true, nsg: true, addresses: addresses('10.0.7.4') },
        { name: 'back', primary: false, nsg: false, addresses: addresses('10.0.7.5') },
      ],
    });
    await run({ portRules: '22' });
    assert.match(said('warning'), /own-01.*10\.0\.7\.5/);
    assert.doesNotMatch(said('warning'), /10\.0\.7\.4/);
  });

  it('is no reason to fail where it may not be read: that is said', async () => {
    for (const action of [
      'Microsoft.Network/networkInterfaces/read',
      'Microsoft.Network/virtualNetworks/read',
    ]) {
      const { azure, run, said } = aWorkflow(BARE);
      azure.principal.forbid(action);
      assert.deepEqual((await run({ portRules: '22' })).codes, []);
      assert.equal(said('warning'), '');
      assert.ok(said('line').includes(action) && said('line').includes('own-01'));
    }
  });
});

describe('what is open after a removal', () => {
  it('is said by the rules, without those of the service: who gets in, and by which rule', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said, own } = aWorkflow({ nicNsg: { rules: [allow({ sources: ['Internet'] })] } });
      assert.ok(own.nicNsg);
      assert.deepEqual((await run({ action: 'remove', dryRun })).codes, []);
      assert.match(said('line'), /deny rules.*ports 22 and 443 of own-01/);
      assert.match(said('warning'), /port 22 of own-01 is open to any address on the internet, .*by-hand/);
      assert.doesNotMatch(said('warning'), /443/);
    }
  });

  it('is what the virtual network gets by a rule of Azure, which is no warning', async () => {
    const { run, said } = aWorkflow();
    await run({ action: 'remove' });
    assert.equal(said('warning'), '');
    assert.match(said('line'), /ports 22 and 443 of own-01 are open to 10.*AllowVnetInBound/);
  });

  it('is nothing where other rules deny everybody', async () => {
    const deny = allow({
      access: 'Deny',
      name: 'none',
      priority: 200,
      protocol: '*',
      destinationPorts: ['*'],
    });
    const { run, said } = aWorkflow({ nicNsg: { rules: [deny] } });
    await run({ action: 'remove' });
    assert.match(said('line'), /deny rules.*no source/);
    assert.doesNotMatch(said('line'), /22, is/);
  });

  it('may be something by a rule with a tag that is not known', async () => {
    const deny = allow({
      access: 'Deny',
      name: 'none',
      priority: 400,
      protocol: '*',
      destinationPorts: ['*'],
    });
    const { run, said } = aWorkflow({ nicNsg: { rules: [allow({ sources: ['AzureCloud'] }), deny] } });
    await run({ action: 'remove' });
    assert.match(said('warning'), /port 22 of own-01 might be open.*by-hand/);
  });

  it('is said of a port that is taken away, and of no other', async () => {
    const rules = [allow({ destinationPorts: ['22', '443'] })];
    const { run, said } = aWorkflow({ nicNsg: { rules } });
    await run({ portRules: '-443' });
    assert.match(said('warning'), /port 443 of own-01 is open/);
    assert.doesNotMatch(said('warning'), /22/);
  });

  for (const protocols of [['*'], ['TCP', 'UDP'], ['UDP', 'TCP']] as const) {
    for (const protocol of ['Tcp', 'Udp']) {
      it(`is said of ${protocols.join(' and ')} where a rule for ${protocol} opens it, once`, async () => {
        const { run, said, azure } = aWorkflow();
        const rules = [allow({ protocol, sources: ['Internet'], destinationPorts: ['53'] })];
        const vm = azure.addVm({ name: 'dns-01', resourceGroup: 'rg-dns', nicNsg: { rules } });
        const ports = protocols.map((one) => anyPort(53, { protocol: one }));
        azure.addPolicy({ name: 'default', vms: [{ vm, ports }] });
        await run({ vmResourceId: vm.id, action: 'remove' });
        assert.match(said('line'), /deny rules of just-in-time access for port 53 of dns-01/);
        assert.equal(said('warning').match(/port 53 of dns-01 is open to any address/g)?.length, 1);
      });
    }
  }

  it('names some ranges and how many more there are', async () => {
    const sources = [11, 12, 13, 14, 15, 16, 17].map((part) => `20.${String(part * 2)}.0.0/16`);
    const { run, said } = aWorkflow({ nicNsg: { rules: [allow({ sources })] } });
    await run({ action: 'remove' });
    assert.match(
      said('warning'),
      /20\.22\.0\.0\/16.* and \d more ranges, including addresses on the internet, /,
    );
  });

  it('is not said of a VM that another policy lists, or that does not exist any more', async () => {
    const twice = aWorkflow();
    twice.azure.addPolicy({ name: 'second', vms: [{ vm: twice.own, ports: [anyPort(22)] }] });
    await twice.run({ action: 'remove', policyName: 'second' });
    const gone = aWorkflow();
    gone.azure.removeVm(gone.own);
    await gone.run({ action: 'remove' });
    for (const { said } of [twice, gone]) assert.doesNotMatch(said('line'), /deny rules/);
  });

  it('is not said of what failed to be written', async () => {
    const { azure, run, said } = aWorkflow();
    azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/delete');
    assert.deepEqual((await run({ action: 'remove' })).codes, ['JIT301']);
    assert.doesNotMatch(said('line'), /deny rules/);
  });
});

describe('security admin rules around a VM under a policy', () => {
  const ACTION = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
  const rule: NewAdminRule = {
    ...{ name: 'always-ssh', priority: 10, access: 'AlwaysAllow', protocol: 'Tcp' },
    ...{ sources: ['Internet'], destinationPorts: ['22'] },
  };
  const withRule = (given: Partial<NewAdminRule> = {}, vm: Partial<NewVm> = {}) => {
    const workflow = aWorkflow(vm);
    workflow.azure.addAdminRule(workflow.own, { ...rule, ...given });
    return workflow;
  };

  it('are permanent access where they always allow the internet: a warning, also in a dry run', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said, count } = withRule();
      assert.deepEqual((await run({ portRules: '22\n443', dryRun })).codes, []);
      assert.match(said('warning'), /^own-01, port 22, is open to any address on the internet, /);
      assert.match(said('warning'), /always-ssh.*baseline.*corp.*does not protect/);
      assert.doesNotMatch(said('warning'), /443/);
      assert.equal(count('adminRules'), 1);
    }
  });

  it('are permanent access by UDP as well where the policy has the port for both', async () => {
    const { run, said } = withRule({ protocol: 'Udp' });
    assert.deepEqual((await run({ portRules: '22\n443' })).codes, []);
    assert.match(said('warning'), /^own-01, port 22, is open to any address on the internet, /);
    const tcp = withRule({ protocol: 'Udp' });
    await tcp.run({ portRules: '22/tcp\n443' });
    assert.equal(tcp.said('warning'), '');
  });

  it('are none for other ports, private sources, what may not apply, and what they hand on', async () => {
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

  it('keep a removal from being called open where they deny, and name what they allow', async () => {
    const open = { nicNsg: { rules: [allow({ sources: ['Internet'] })] } };
    const denied = withRule({ access: 'Deny' }, open);
    assert.deepEqual((await denied.run({ action: 'remove' })).codes, []);
    assert.doesNotMatch(denied.said('warning'), /port 22 of own-01|own-01, port 22/);
    const allowed = withRule();
    await allowed.run({ action: 'remove' });
    assert.match(allowed.said('warning'), /port 22 of own-01 is open to .*always-ssh/);
  });

  it('are no reason to fail, nor to say less of the rest, where they may not be read or do not answer', async () => {
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
