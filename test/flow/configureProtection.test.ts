import assert from 'node:assert/strict';
import { notFound } from '../../tasks/shared/messages/failures';
import { anyPort } from './workflow';
import { allow, aProtectionWorkflow } from './protectionWorkflow';

describe('a VM that nothing filters', () => {
  const BARE = { nicNsg: false, subnetNsg: false } as const;

  it('is warned of when it is put under a policy, and stays there: nothing is protected', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said } = aProtectionWorkflow(BARE);
      assert.deepEqual((await run({ portRules: '22', dryRun })).codes, []);
      assert.match(said('warning'), /does not protect own-01.*network security group/);
    }
  });

  it('is not warned of with a security group, or behind a firewall with classic rules', async () => {
    const grouped = aProtectionWorkflow({ nicNsg: false, subnetNsg: true });
    await grouped.run({ portRules: '22' });
    assert.equal(grouped.said('warning'), '');
    const behind = aProtectionWorkflow(BARE);
    behind.azure.addFirewall({ besides: behind.own });
    await behind.run({ portRules: '22' });
    assert.equal(behind.said('warning'), '');
    const peered = aProtectionWorkflow(BARE);
    const hub = peered.azure.addVm({ name: 'hub', resourceGroup: 'rg-hub', vnet: 'vnet-hub' });
    peered.azure.addFirewall({ besides: hub });
    peered.azure.peerNetworks(peered.own, hub);
    await peered.run({ portRules: '22' });
    assert.equal(peered.said('warning'), '');
  });

  it('is warned of behind a firewall that Firewall Policy manages', async () => {
    const { azure, own, run, said } = aProtectionWorkflow(BARE);
    azure.addFirewall({ besides: own, policy: 'central' });
    await run({ portRules: '22' });
    assert.match(said('warning'), /own-01.*Firewall Policy/);
  });

  it('is warned of for the one address that nothing filters', async () => {
    const addresses = (privateIp: string) => [{ privateIp, primary: true }];
    const { run, said } = aProtectionWorkflow({
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
      const { azure, run, said } = aProtectionWorkflow(BARE);
      azure.principal.forbid(action);
      assert.deepEqual((await run({ portRules: '22' })).codes, []);
      assert.equal(said('warning'), '');
      assert.ok(said('line').includes(action) && said('line').includes('own-01'));
    }
  });

  it('is not passed over where Azure does not find what it names: that is said', async () => {
    for (const kind of ['nic', 'vnet', 'nsg'] as const) {
      const { azure, run, said } = aProtectionWorkflow({ nicNsg: kind === 'nsg', subnetNsg: false });
      azure.always(kind, notFound(kind, 'gone-01'));
      assert.deepEqual((await run({ portRules: '22' })).codes, []);
      assert.match(said('line'), /traffic to own-01 could not be read.*JIT406.*gone-01/, kind);
    }
  });

  it('is nothing to speak of where it does not exist', async () => {
    const { azure, own, run, said } = aProtectionWorkflow(BARE);
    azure.removeVm(own);
    await run({ action: 'remove', portRules: '' });
    assert.doesNotMatch(said('line'), /could not be read/);
  });
});

describe('what is open after a removal', () => {
  it('is said by the rules, without those of the service: who gets in, and by which rule', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said, own } = aProtectionWorkflow({
        nicNsg: { rules: [allow({ sources: ['Internet'] })] },
      });
      assert.ok(own.nicNsg);
      assert.deepEqual((await run({ action: 'remove', dryRun })).codes, []);
      assert.match(said('line'), /deny rules.*ports 22 and 443 of own-01/);
      assert.match(said('warning'), /port 22 of own-01 is open to any address on the internet, .*by-hand/);
      assert.doesNotMatch(said('warning'), /443/);
    }
  });

  it('is what the virtual network gets by a rule of Azure, which is no warning', async () => {
    const { run, said } = aProtectionWorkflow();
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
    const { run, said } = aProtectionWorkflow({ nicNsg: { rules: [deny] } });
    await run({ action: 'remove' });
    assert.match(said('line'), /deny rules.*no source over IPv4/);
    assert.doesNotMatch(said('line'), /22, is/);
  });

  it('is unknown where the rules may not be read: the deny rules go all the same', async () => {
    for (const action of [
      'Microsoft.Network/networkSecurityGroups/read',
      'Microsoft.Network/networkInterfaces/read',
      'Microsoft.Compute/virtualMachines/read',
    ])
      for (const dryRun of ['true', 'false']) {
        const { azure, run, said } = aProtectionWorkflow();
        azure.principal.forbid(action);
        assert.deepEqual((await run({ action: 'remove', dryRun })).codes, []);
        assert.ok(said('line').includes(action), action);
        assert.match(said('line'), /removes the deny rules.* ports 22 and 443 of own-01.*cannot report what/);
        assert.doesNotMatch(said('line'), /Without them/);
      }
  });

  it('may be something by a rule with a tag that is not known', async () => {
    const deny = allow({
      access: 'Deny',
      name: 'none',
      priority: 400,
      protocol: '*',
      destinationPorts: ['*'],
    });
    const { run, said } = aProtectionWorkflow({
      nicNsg: { rules: [allow({ sources: ['AzureCloud'] }), deny] },
    });
    await run({ action: 'remove' });
    assert.match(said('warning'), /port 22 of own-01 might be open.*by-hand/);
  });

  it('is said of a port that is taken away, and of no other', async () => {
    const rules = [allow({ destinationPorts: ['22', '443'] })];
    const { run, said } = aProtectionWorkflow({ nicNsg: { rules } });
    await run({ portRules: '-443' });
    assert.match(said('warning'), /port 443 of own-01 is open/);
    assert.doesNotMatch(said('warning'), /22/);
  });

  for (const protocols of [['*'], ['TCP', 'UDP'], ['UDP', 'TCP']] as const) {
    for (const protocol of ['Tcp', 'Udp']) {
      it(`is said of ${protocols.join(' and ')} where a rule for ${protocol} opens it, once`, async () => {
        const { run, said, azure } = aProtectionWorkflow();
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

  const UDP = { protocol: 'UDP' };
  const TCP = { protocol: 'TCP' };
  const open = { nicNsg: { rules: [allow({ sources: ['Internet'] })] } };

  it('is told of the one protocol that goes', async () => {
    const split = [anyPort(22, UDP), anyPort(22, TCP), anyPort(443)];
    for (const ports of [undefined, split])
      for (const raw of [{ portRules: '-22/tcp' }, { portRules: '22/udp', mode: 'exact' }]) {
        const { run, said } = aProtectionWorkflow(open, ports);
        await run(raw);
        assert.match(
          said('line'),
          /deny rules of just-in-time access for ports? 22\/tcp( and 443)? of own-01/,
        );
        assert.match(said('warning'), /^Without them, port 22\/tcp of own-01 is open to any address/);
      }
    const udp = aProtectionWorkflow(open);
    await udp.run({ portRules: '-22/udp' });
    assert.match(udp.said('line'), /deny rules of just-in-time access for port 22\/udp of own-01\./);
    assert.equal(udp.said('warning'), '');
  });

  it('is told once of a VM that several policies listed', async () => {
    const { azure, own, run, world } = aProtectionWorkflow();
    azure.addPolicy({ name: 'second', vms: [{ vm: own, ports: [anyPort(22), anyPort(8080)] }] });
    await run({ action: 'remove' });
    const told = world.texts('line').filter((text) => text.includes('deny rules'));
    assert.equal(told.length, 1);
    assert.match(told.join(), /for ports 22, 443(,)? and 8080 of own-01/);
  });

  it('is told of a protocol that an entry for the other one leaves without', async () => {
    const { run, said } = aProtectionWorkflow(open);
    await run({ portRules: '22/udp max 1h' });
    assert.match(said('line'), /deny rules of just-in-time access for port 22\/tcp of own-01/);
    assert.match(said('warning'), /^Without them, port 22\/tcp of own-01 is open to any address/);
  });

  it('is nothing of a port that stays, whatever becomes of its entry', async () => {
    for (const portRules of ['22/tcp max 1h\n22/udp max 2h', '22 max 1h']) {
      const { run, said } = aProtectionWorkflow(open);
      assert.equal((await run({ portRules })).changed, true);
      assert.equal(said('warning'), '', portRules);
      assert.doesNotMatch(said('line'), /deny rules/);
    }
  });

  it('names some ranges and how many more there are', async () => {
    const sources = [11, 12, 13, 14, 15, 16, 17].map((part) => `20.${String(part * 2)}.0.0/16`);
    const { run, said } = aProtectionWorkflow({ nicNsg: { rules: [allow({ sources })] } });
    await run({ action: 'remove' });
    assert.match(
      said('warning'),
      /20\.22\.0\.0\/16.* and \d more ranges, including addresses on the internet, /,
    );
  });

  it('is not said of a VM that another policy lists, or that does not exist any more', async () => {
    const twice = aProtectionWorkflow();
    twice.azure.addPolicy({ name: 'second', vms: [{ vm: twice.own, ports: [anyPort(22)] }] });
    await twice.run({ action: 'remove', policyName: 'second' });
    const gone = aProtectionWorkflow();
    gone.azure.removeVm(gone.own);
    await gone.run({ action: 'remove' });
    for (const { said } of [twice, gone]) assert.doesNotMatch(said('line'), /deny rules/);
  });

  it('is not said of what failed to be written', async () => {
    const { azure, run, said } = aProtectionWorkflow();
    azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/delete');
    assert.deepEqual((await run({ action: 'remove' })).codes, ['JIT301']);
    assert.doesNotMatch(said('line'), /deny rules/);
  });

  it('is not said of a VM that stays in another policy, which could not be written', async () => {
    const { azure, own, run, said } = aProtectionWorkflow();
    const other = azure.addVm({ name: 'other-01', resourceGroup: 'rg-own' });
    const vms = [own, other].map((vm) => ({ vm, ports: [anyPort(22)] }));
    azure.addPolicy({ name: 'second', vms });
    azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/delete');
    const { codes, changed } = await run({ action: 'remove' });
    assert.deepEqual([codes, changed], [['JIT301'], true], 'one policy is written, the other one is not');
    assert.doesNotMatch(said('line'), /deny rules/);
  });
});
