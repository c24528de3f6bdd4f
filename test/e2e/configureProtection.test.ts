import assert from 'node:assert/strict';
import {
  assertNames,
  assertSucceeded,
  assertWarns,
  usePackagedTask,
  warningsOf,
} from '../support/packagedTask';
import { anyPort } from '../support/scenario';

describe('JitConfigurePolicy', () => {
  const task = usePackagedTask('Node20_1', 'tasks/JitConfigurePolicy/JitConfigurePolicyV1');

  it('warns of a VM that nothing filters, and after a removal of what is open without the deny rules', async () => {
    const step = await task.prepare();
    const { azure } = step;
    const bare = azure.addVm({ name: 'bare-01', resourceGroup: 'rg-bare', nicNsg: false });
    const rule = { name: 'by-hand', priority: 300, access: 'Allow', protocol: 'Tcp' } as const;
    const open = azure.addVm({
      ...{ name: 'open-01', resourceGroup: 'rg-open' },
      nicNsg: { rules: [{ ...rule, sources: ['*'], destinations: ['*'], destinationPorts: ['22'] }] },
    });
    azure.addPolicy({ vms: [{ vm: open, ports: [anyPort(22)] }] });
    const [added, removed] = await Promise.all([
      step.run({ vmResourceId: bare.id }),
      step.run({ vmResourceId: open.id, action: 'remove' }),
    ]);
    for (const run of [added, removed]) assertSucceeded(run);
    assertWarns(added, 'bare-01', 'does not protect', 'network security group');
    assertNames(removed.log.join('\n'), 'removes the deny rules', 'open-01');
    assertWarns(removed, 'port 22 of open-01 is open', 'internet', 'by-hand');
  });

  it('warns of a port that a security admin rule always allows, and succeeds without the right to read these rules', async () => {
    const action = 'Microsoft.Network/virtualNetworks/listNetworkManagerEffectiveSecurityAdminRules/action';
    const [warned, blind] = await Promise.all([task.prepare(), task.prepare()]);
    for (const { azure, vm } of [warned, blind])
      azure.addAdminRule(vm, {
        name: 'always-ssh',
        priority: 10,
        access: 'AlwaysAllow',
        sources: ['Internet'],
      });
    blind.principal.forbid(action);
    const [first, second] = await Promise.all([warned.run(), blind.run()]);
    for (const run of [first, second]) assertSucceeded(run);
    assertWarns(
      first,
      'web-01, ports 22 and 3389, are open to any address on the internet',
      'always-ssh',
      'corp',
    );
    assertNames(second.log.join('\n'), action, 'always allow');
    assert.deepEqual(warningsOf(second), []);
  });
});
