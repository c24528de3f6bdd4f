import assert from 'node:assert/strict';
import { notFound } from '../../tasks/shared/messages/failures';
import { anyPort } from './workflow';
import { allow, aProtectionWorkflow } from './protectionWorkflow';

describe('a VM that nothing filters', () => {
  const BARE = { nicNsg: false, subnetNsg: false } as const;

  it('causes a warning that it is not protected, and is still added to the policy', async () => {
    for (const dryRun of ['true', 'false']) {
      const { run, said } = aProtectionWorkflow(BARE);
      assert.deepEqual((await run({ portRules: '22', dryRun })).codes, []);
      assert.match(said('warning'), /does not protect own-01.*network security group/);
    }
  });

  it('causes no warning with an NSG, or behind a firewall with classic rules', async () => {
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

  it('causes a warning behind a firewall that Firewall Policy manages', async () => {
    const { azure, own, run, said } = aProtectionWorkflow(BARE);
    azure.addFirewall({ besides: own, policy: 'central' });
    await run({ portRules: '22' });
    assert.match(said('warning'), /own-01.*Firewall Policy/);
  });

  it('causes a warning for the one address that nothing filters', async () => {
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

  it('does not fail the run if its network cannot be read, and the log says so', async () => {
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

  it('is logged as not checked if Azure does not find a resource that it refers to', async () => {
    for (const kind of ['nic', 'vnet', 'nsg'] as const) {
      const { azure, run, said } = aProtectionWorkflow({ nicNsg: kind === 'nsg', subnetNsg: false });
      azure.always(kind, notFound(kind, 'gone-01'));
      assert.deepEqual((await run({ portRules: '22' })).codes, []);
      assert.match(said('line'), /traffic to own-01 could not be read.*JIT406.*gone-01/, kind);
    }
  });

  it('is not mentioned if it does not exist', async () => {
    const { azure, own, run, said } = aProtectionWorkflow(BARE);
    azure.removeVm(own);
    await run({ action: 'remove', portRules: '' });
    assert.doesNotMatch(said('line'), /could not be read/);
  });
});

describe('access that remains after a removal', () => {
  it('is reported by the rules, without those of the service: the sources, and the rule that allows them', async () => {
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

  it('is not a warning if it is access for the virtual network through a rule of Azure', async () => {
    const { run, said } = aProtectionWorkflow();
    await run({ action: 'remove' });
    assert.equal(said('warning'), '');
    assert.match(said('line'), /ports 22 and 443 of own-01 are open to 10.*AllowVnetInBound/);
  });

  it('is none if other rules deny every source', async () => {
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

  it('is unknown if the rules cannot be read, and the report that the deny rules are removed says so', async () => {
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

  it('is possible if a rule has an unresolved tag', async () => {
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

  it('is reported for a removed port only', async () => {
    const rules = [allow({ destinationPorts: ['22', '443'] })];
    const { run, said } = aProtectionWorkflow({ nicNsg: { rules } });
    await run({ portRules: '-443' });
    assert.match(said('warning'), /port 443 of own-01 is open/);
    assert.doesNotMatch(said('warning'), /22/);
  });

  for (const protocols of [['*'], ['TCP', 'UDP'], ['UDP', 'TCP']] as const) {
    for (const protocol of ['Tcp', 'Udp']) {
      it(`is reported once for ${protocols.join(' and ')} if a rule for ${protocol} opens the port`, async () => {
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

  it('is reported for the removed protocol only', async () => {
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

  it('is reported once for a VM that several policies listed', async () => {
    const { azure, own, run, world } = aProtectionWorkflow();
    azure.addPolicy({ name: 'second', vms: [{ vm: own, ports: [anyPort(22), anyPort(8080)] }] });
    await run({ action: 'remove' });
    const told = world.texts('line').filter((text) => text.includes('deny rules'));
    assert.equal(told.length, 1);
    assert.match(told.join(), /for ports 22, 443(,)? and 8080 of own-01/);
  });

  it('is reported for a protocol that is lost when an entry for the other one replaces the entry for both', async () => {
    const { run, said } = aProtectionWorkflow(open);
    await run({ portRules: '22/udp max 1h' });
    assert.match(said('line'), /deny rules of just-in-time access for port 22\/tcp of own-01/);
    assert.match(said('warning'), /^Without them, port 22\/tcp of own-01 is open to any address/);
  });

  it('is not reported for a port that stays, whatever happens to its entry', async () => {
    for (const portRules of ['22/tcp max 1h\n22/udp max 2h', '22 max 1h']) {
      const { run, said } = aProtectionWorkflow(open);
      assert.equal((await run({ portRules })).changed, true);
      assert.equal(said('warning'), '', portRules);
      assert.doesNotMatch(said('line'), /deny rules/);
    }
  });

  it('is reported with some ranges and the number of the others', async () => {
    const sources = [11, 12, 13, 14, 15, 16, 17].map((part) => `20.${String(part * 2)}.0.0/16`);
    const { run, said } = aProtectionWorkflow({ nicNsg: { rules: [allow({ sources })] } });
    await run({ action: 'remove' });
    assert.match(
      said('warning'),
      /20\.22\.0\.0\/16.* and \d more ranges, including addresses on the internet, /,
    );
  });

  it('is not reported for a VM that another policy lists, or that no longer exists', async () => {
    const twice = aProtectionWorkflow();
    twice.azure.addPolicy({ name: 'second', vms: [{ vm: twice.own, ports: [anyPort(22)] }] });
    await twice.run({ action: 'remove', policyName: 'second' });
    const gone = aProtectionWorkflow();
    gone.azure.removeVm(gone.own);
    await gone.run({ action: 'remove' });
    for (const { said } of [twice, gone]) assert.doesNotMatch(said('line'), /deny rules/);
  });

  it('is not reported for a policy that could not be written', async () => {
    const { azure, run, said } = aProtectionWorkflow();
    azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/delete');
    assert.deepEqual((await run({ action: 'remove' })).codes, ['JIT301']);
    assert.doesNotMatch(said('line'), /deny rules/);
  });

  it('is not reported for a VM that stays in another policy that could not be written', async () => {
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
