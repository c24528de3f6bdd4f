import assert from 'node:assert/strict';
import { serverError } from '../../tasks/shared/messages/failures';
import { aWorkflow } from './workflow';

const NSG_READ = 'Microsoft.Network/networkSecurityGroups/read';
const WAYS_TO_THE_RULES = [
  'Microsoft.Compute/virtualMachines/read',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Network/virtualNetworks/subnets/read',
  NSG_READ,
];

describe('a step with missing rights', () => {
  for (const action of WAYS_TO_THE_RULES.slice(1)) {
    it(`falls back to the request without ${action}, and logs that`, async () => {
      const {
        run,
        azure,
        context: context,
      } = aWorkflow({ settings: { ruleDelayMs: Infinity, initiatingMs: 3000 } });
      azure.principal.forbid(action);
      const { codes, endpoints } = await run();
      assert.deepEqual(codes, []);
      assert.equal(endpoints[0]?.status, 'initiated');
      assert.ok(context.texts('warning').some((text) => text.includes(action)));
      assert.ok(context.clock.now() >= 3000, 'it waited for the status');
    });
  }

  it('reports the fallback once for ports behind one NSG', async () => {
    const { run, azure, context: context } = aWorkflow();
    azure.principal.forbid(NSG_READ);
    await run({ ports: '22,3389' });
    const warnings = context.texts('warning').filter((text) => text.includes(NSG_READ));
    assert.equal(new Set(warnings).size, warnings.length, 'the same warning twice');
  });

  it('needs no right to read the network if it waits for the request only', async () => {
    const { run, azure } = aWorkflow();
    azure.principal.forbid(...WAYS_TO_THE_RULES.slice(1));
    const { codes } = await run({ waitFor: 'request' });
    assert.deepEqual(codes, []);
  });

  it('opens the port without the right to read the public address, and warns', async () => {
    const { run, azure, context: context } = aWorkflow();
    const action = 'Microsoft.Network/publicIPAddresses/read';
    azure.principal.forbid(action);
    const { codes, outputs, endpoints } = await run();
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.notEqual(outputs?.host, '20.60.1.10');
    assert.ok(context.texts('warning').some((text) => text.includes(action)));
  });

  it('still tries the connection if the rules cannot be read', async () => {
    const { run, azure, context: context } = aWorkflow();
    azure.principal.forbid(NSG_READ);
    const { codes, endpoints } = await run({ waitFor: 'connection' });
    assert.deepEqual(codes, []);
    assert.equal(endpoints[0]?.status, 'open');
    assert.equal(context.ports.tried.length, 1);
  });

  it('reads the virtual network only if a rule depends on it, and warns if that is forbidden', async () => {
    const plain = aWorkflow();
    await plain.run();
    assert.equal(plain.count('vnet'), 0);

    const { run, azure, vm, context: context } = aWorkflow();
    const action = 'Microsoft.Network/virtualNetworks/read';
    azure.principal.forbid(action);
    vm.nicNsg?.addRule({ name: 'inside', priority: 300, access: 'Deny', sources: ['VirtualNetwork'] });
    assert.deepEqual((await run()).codes, []);
    assert.ok(context.texts('warning').some((text) => text.includes(action)));
  });

  it('fails with JIT301 without the right to request, and opens nothing', async () => {
    const { run, azure, ledger, policy } = aWorkflow();
    const action = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';
    azure.principal.forbid(action);
    const { codes, opened } = await run();
    assert.deepEqual(codes, ['JIT301']);
    assert.ok(opened?.failures[0]?.seen.includes(action));
    assert.deepEqual([ledger.open, ledger.perhaps, policy.liveGrants()], [[], [], []]);
  });

  it('fails with JIT301 without the right to read policies', async () => {
    const { run, azure, count } = aWorkflow();
    azure.principal.forbid('Microsoft.Security/locations/jitNetworkAccessPolicies/read');
    assert.deepEqual((await run()).codes, ['JIT301']);
    assert.equal(count('initiate'), 0);
  });

  it('fails with JIT301 in a dry run without the right to request', async () => {
    const { run, azure, count } = aWorkflow();
    const action = 'Microsoft.Security/locations/jitNetworkAccessPolicies/initiate/action';
    azure.principal.forbid(action);
    const { thrown } = await run({ dryRun: 'true' });
    assert.equal(thrown?.code, 'JIT301');
    assert.ok(thrown.seen.includes(action));
    assert.equal(count('initiate'), 0);
  });

  it('does not fail in a dry run without the right to query permissions, which a real run does not need', async () => {
    const { run, azure } = aWorkflow();
    azure.principal.forbid('Microsoft.Authorization/permissions/read');
    assert.deepEqual((await run({ dryRun: 'true' })).codes, []);
  });

  it('does not fail in a dry run if the permission service is down, which a real run does not need', async () => {
    const { run, azure } = aWorkflow();
    azure.always('permissions', serverError('x', 503, 'y'));
    assert.deepEqual((await run({ dryRun: 'true' })).codes, []);
  });
});
